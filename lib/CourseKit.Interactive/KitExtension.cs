using CourseKit.Notebooks;
using CourseKit.Training;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Directives;
using Microsoft.DotNet.Interactive.Formatting;
using Plotly.NET;
using Plotly.NET.Interactive;

namespace CourseKit.Interactive;

/// <summary>The extension as .NET Interactive sees it. A cell calls <see cref="KitInteractive.LoadAsync"/>, which finds the kernel.</summary>
public sealed class KitExtension : IKernelExtension
{
    /// <summary>The magic command.</summary>
    internal const string Command = "#!coursekit";

    /// <summary>Loads the extension into the kernel of the running cell.</summary>
    /// <returns>A task that ends when it is loaded.</returns>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    internal static Task LoadAsync() => KernelInvocationContext.Current is { } context
        ? new KitExtension().OnLoadAsync(context.HandlingKernel.RootKernel)
        : throw new InvalidOperationException("KitInteractive.LoadAsync: must be called from a cell, but no cell is running. Call it in a cell of the notebook.");

    /// <summary>Adds the kit to a kernel and all its subkernels. In a running cell, also shows what was loaded, with Plotly's script in the same output.</summary>
    /// <param name="kernel">Any kernel of the notebook.</param>
    /// <returns>A task that ends when it is loaded.</returns>
    public async Task OnLoadAsync(Kernel kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        var info = Kit.Start();
        KitTypes.Register();
        // Plotly.NET's own extension first: of what it registers only the HTML of charts, which asks for scripts from the network, gives way to ours.
        await ((IKernelExtension)new FormatterKernelExtension()).OnLoadAsync(kernel);
        Show<GenericChart>(PlotlyDisplay.Html, PlotlyDisplay.Text);
        Show<Welcome>(welcome => welcome.Html(), welcome => welcome.Text());
        Show<KitHelp>(help => help.Html(), help => help.Text());

        if (!kernel.RootKernel.KernelInfo.SupportedDirectives.Any(directive => directive.Name == Command))
            Extend(kernel.RootKernel, info);
        KernelInvocationContext.Current?.Display(new Welcome(info));
    }

    // Once a kernel.
    private static void Extend(Kernel root, KitInfo info)
    {
        root.AddDirective(
            new KernelActionDirective(Command, "Shows what CourseKit is, its version and backends, and its most used calls."),
            (_, context) =>
            {
                context.Display(new KitHelp(info));
                return Task.CompletedTask;
            });
        // By itself a kernel calls an interrupted cell cancelled, and runs it on; with this a training or a Progress loop ends before its next step. In the kernels of
        // the languages, because there next ends when the cell has really ended: the request must stand until its training has looked.
        foreach (var language in root is CompositeKernel composite ? composite.ChildKernels.ToList() : [root])
            language.AddMiddleware(async (command, context, next) =>
            {
                using var stop = context.CancellationToken.Register(Interrupt.Request);
                try
                {
                    await next(command, context);
                }
                finally
                {
                    if (context.CancellationToken.IsCancellationRequested)
                        Interrupt.Reset();
                }
            });
    }

    // HTML to look at, and text for tools that read none.
    private static void Show<T>(Func<T, string> html, Func<T, string> text)
    {
        Formatter.Register<T>((value, writer) => writer.Write(html(value)), HtmlFormatter.MimeType);
        Formatter.Register<T>((value, writer) => writer.Write(text(value)), PlainTextFormatter.MimeType);
        Formatter.SetPreferredMimeTypesFor(typeof(T), HtmlFormatter.MimeType, PlainTextFormatter.MimeType);
    }
}
