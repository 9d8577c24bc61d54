using CourseKit.Host.Tests.Jupyter;

namespace CourseKit.Interactive.Tests;

/// <summary>One kernel for all tests that only look: the kit's values as they show without the extension, then the extension loaded.</summary>
public sealed class LoadedKernel : IAsyncLifetime
{
    /// <summary>Values of the kit that show by themselves, each an expression.</summary>
    public static readonly string[] Shown =
    [
        "Tensor.From(new float[,] { { 1, 2 }, { 3, 4 } })", "new Model(seed: 1, new Embedding(7, 4), new Lstm(4, 8), new Linear(8, 7))", "new Table(\"a\", \"b\").Row(\"x\", 1.5)",
        "Chart.Line([1, 2, 3]).Title(\"T\")", "Check.Same(1.0, 1.0)", "Kit.Start()", "MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(2, 2, 1)",
    ];

    internal InteractiveKernel Kernel { get; private set; } = null!;

    internal List<CellShown> Before { get; } = [];

    internal CellShown Loaded { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (DotnetInteractive.Missing is not null)
            return;
        Kernel = await InteractiveKernel.StartAsync();
        _ = (await Kernel.RunAsync(InteractiveKernel.Setup)).Only;
        foreach (var expression in Shown)
            Before.Add(await Kernel.RunAsync(expression));
        Loaded = await Kernel.RunAsync(InteractiveKernel.Load);
    }

    public Task DisposeAsync()
    {
        Kernel?.Dispose();
        return Task.CompletedTask;
    }
}
