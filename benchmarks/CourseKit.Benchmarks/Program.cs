using BenchmarkDotNet.Running;
using CourseKit.Benchmarks;

switch (args.FirstOrDefault())
{
    case "gemm": GemmReport.Print(); break;
    default: BenchmarkSwitcher.FromAssembly(typeof(GemmReport).Assembly).Run(args); break;
}
