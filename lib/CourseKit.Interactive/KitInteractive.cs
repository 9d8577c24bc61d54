using System.Runtime.CompilerServices;

namespace CourseKit.Interactive;

/// <summary>CourseKit's extension of .NET Interactive: what a cell calls to load it.</summary>
public static class KitInteractive
{
    /// <summary>
    /// Loads the extension into the kernel that runs this cell: the magic command <c>#!coursekit</c>, the display of the kit's types that show nothing by
    /// themselves, Plotly.NET's charts without a network, and the stop button for trainings and <see cref="Notebooks.Progress"/>. The cell's output holds
    /// Plotly's script, 1.5 MB, for all charts of the notebook.
    /// </summary>
    /// <returns>A task that ends when it is loaded. Loading again shows the script again and changes nothing else.</returns>
    /// <exception cref="InvalidOperationException">The cell does not run in .NET Interactive.</exception>
    public static Task LoadAsync()
    {
        if (!AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name == "Microsoft.DotNet.Interactive"))
            throw new InvalidOperationException(
                "KitInteractive.LoadAsync: must run in a cell of .NET Interactive, but this program is another one. Leave the call out: the kit's own displays and charts need no extension.");
        return LoadIntoKernelAsync();
    }

    // Apart, because a method can only be compiled where all the types that it names can be loaded.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task LoadIntoKernelAsync() => KitExtension.LoadAsync();
}
