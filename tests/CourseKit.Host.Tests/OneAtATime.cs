namespace CourseKit.Host.Tests;

/// <summary>Tests that take over the console, or measure, run alone.</summary>
[CollectionDefinition("console", DisableParallelization = true)]
public sealed class OneAtATime;
