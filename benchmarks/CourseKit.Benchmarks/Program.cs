using BenchmarkDotNet.Running;
using CourseKit.Benchmarks;

switch (args.FirstOrDefault())
{
    case "gemm": GemmReport.Print(); break;
    case "steps": StepReport.Print(args[1..]); break;
    default: BenchmarkSwitcher.FromAssembly(typeof(GemmReport).Assembly).Run(args); break;
}
