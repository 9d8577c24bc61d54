namespace CourseKit.Host.Language;

/// <summary>One way to go on from where the cursor stands.</summary>
/// <param name="Text">What to put in.</param>
/// <param name="Kind">method, property, class and so on: what a front end picks an icon by.</param>
internal sealed record Completion(string Text, string Kind);

/// <summary>What can stand where the cursor is.</summary>
/// <param name="Start">Where the part begins that a completion replaces, as an index into the source; it ends at the cursor.</param>
/// <param name="Items">Best first.</param>
internal sealed record CompletionList(int Start, IReadOnlyList<Completion> Items);
