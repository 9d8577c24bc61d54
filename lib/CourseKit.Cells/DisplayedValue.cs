namespace CourseKit.Cells;

/// <summary>Something that display(x) shows, and that can be replaced in its place.</summary>
public sealed class DisplayedValue
{
    private readonly string _id;
    private readonly string[] _mimeTypes;

    internal DisplayedValue(string id, string[] mimeTypes) => (_id, _mimeTypes) = (id, mimeTypes);

    /// <summary>Shows another value in its place.</summary>
    /// <param name="value">Anything.</param>
    public void Update(object? value) => CellCommands.Running("Update").Show(value, _mimeTypes, _id, update: true);
}
