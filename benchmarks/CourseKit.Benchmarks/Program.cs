using BenchmarkDotNet.Running;
using CourseKit.Benchmarks;

switch (args)
{
    case ["gemm"]: GemmReport.Print(); return 0;
    case ["first", var name]: FirstStepsReport.Print(name); return 0;
    case ["runner", var name, var threads]: return KitRunner.Serve(name, threads, "cpu");
    case ["runner", var name, var threads, var backend]: return KitRunner.Serve(name, threads, backend);
    case ["bench", .. var words]: return Bench.Run(BenchOptions.Of(words));
    case ["sizes", var file, .. var words]: return SizeReport.Run(file, BenchOptions.Of(words));
    default: BenchmarkSwitcher.FromAssembly(typeof(GemmReport).Assembly).Run(args); return 0;
}
