using System.Globalization;
using CourseKit.Tensors;

namespace CourseKit.Data.Loaders;

/// <summary>Columns of numbers, a row for each point in time.</summary>
public sealed class TimeSeries
{
    private readonly float[][] columns;

    private TimeSeries(string[] names, float[][] columns) => (Columns, this.columns) = (names, columns);

    /// <summary>The columns' names.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>How many points in time there are, at least 1.</summary>
    public int Count => columns[0].Length;

    /// <summary>The numbers of one column, in their order; a new array.</summary>
    /// <param name="column">Its name.</param>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public float[] this[string column] => Columns.ToList().IndexOf(column) is >= 0 and var index
        ? [.. columns[index]]
        : throw new ArgumentException($"TimeSeries: there is no column '{column}' among {string.Join(", ", Columns.Select(name => $"'{name}'"))}.", nameof(column));

    /// <summary>Reads comma-separated values: numbers with a decimal point, whatever the machine's culture.</summary>
    /// <param name="path">A UTF-8 text file.</param>
    /// <param name="options">The delimiter, header, columns and what to do where a value is missing; null for the defaults.</param>
    /// <exception cref="DataException">The file cannot be read, has no row, lacks a column, or has a line with too many or few values, a value that is no number or a missing one; the message names line and column.</exception>
    /// <remarks>Quotes as in RFC 4180: "a, b" is one value, "" in it is a quotation mark, and it may go over several lines. Empty lines are left out.</remarks>
    public static TimeSeries Load(string path, CsvOptions? options = null)
    {
        options ??= new();
        var records = Records(path, TextFile.Read(path), options.Delimiter);
        string[] names = options.Header && records.Count > 0 ? [.. records[0].Fields.Select(name => name.Trim())] : [.. Enumerable.Range(0, records.Count > 0 ? records[0].Fields.Count : 0).Select(index => index.ToString(CultureInfo.InvariantCulture))];
        var rows = records.Skip(options.Header ? 1 : 0).ToList();
        if (rows.Count == 0)
            throw new DataException($"TimeSeries: '{path}' must have at least one row of numbers{(options.Header ? " below its header" : "")}, but has none.");
        foreach (var (line, fields) in rows)
        {
            if (fields.Count != names.Length)
                throw new DataException($"TimeSeries: '{path}', line {line}: there must be {names.Length} values separated by '{options.Delimiter}', as in the first line, but there are {fields.Count}. Check the delimiter and the quotes.");
        }

        string[] wanted = [.. options.Columns ?? names];
        if (wanted.Length == 0)
            throw new DataException($"TimeSeries: '{path}': name at least one column of {Listed(names)}.");
        return new(wanted, Array.ConvertAll(wanted, name => Array.IndexOf(names, name) is >= 0 and var index
            ? Column(path, name, [.. rows.Select(row => (row.Line, row.Fields[index]))], options)
            : throw new DataException($"TimeSeries: '{path}' has no column '{name}', but {Listed(names)}. Check the name, the delimiter and the header.")));
    }

    /// <summary>All columns as a model takes them.</summary>
    /// <returns>[time, columns].</returns>
    public Tensor ToTensor()
    {
        var values = new float[Count * columns.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = columns[i % columns.Length][i / columns.Length];
        return Tensor.From(values, Count, columns.Length);
    }

    /// <summary>"TimeSeries of 144 rows: Passengers".</summary>
    public override string ToString() => FormattableString.Invariant($"TimeSeries of {Count} rows: {string.Join(", ", Columns)}");

    private static float[] Column(string path, string name, (int Line, string Text)[] fields, CsvOptions options)
    {
        var values = new float[fields.Length];
        for (var row = 0; row < fields.Length; row++)
        {
            var (line, text) = (fields[row].Line, fields[row].Text.Trim());
            if (options.MissingTexts.Contains(text, StringComparer.OrdinalIgnoreCase))
                values[row] = options.Missing == MissingValues.Refuse ? throw Wrong(line, $"the value is missing ('{text}'). Choose what to do with CsvOptions.Missing") : float.NaN;
            else if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out values[row]) || !float.IsFinite(values[row]))
                throw Wrong(line, $"'{(text.Length > 40 ? text[..40] + "..." : text)}' is no number. Name the columns that are, in CsvOptions.Columns, or what marks a missing value, in CsvOptions.MissingTexts");
        }

        if (Array.TrueForAll(values, float.IsNaN))
            throw new DataException($"TimeSeries: '{path}', column '{name}': every value is missing.");
        if (options.Missing == MissingValues.Previous && float.IsNaN(values[0]))
            throw Wrong(fields[0].Line, "the first value is missing, so that there is none before it. Use MissingValues.Interpolate");
        Fill(values, options.Missing);
        return values;

        DataException Wrong(int line, string what) => new($"TimeSeries: '{path}', line {line}, column '{name}': {what}.");
    }

    private static void Fill(float[] values, MissingValues how)
    {
        for (var row = 0; row < values.Length; row++)
        {
            if (!float.IsNaN(values[row]))
                continue;
            var after = row;
            while (after < values.Length && float.IsNaN(values[after]))
                after++;
            var before = row > 0 ? values[row - 1] : values[after];
            var rise = row == 0 || after == values.Length || how == MissingValues.Previous ? 0 : (values[after] - before) / (after - row + 1);
            for (var step = 1; row < after; row++)
                values[row] = before + (rise * step++);
        }
    }

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Take(20).Select(name => $"'{name}'"));

    // The records of the text, each with the line that it begins in.
    private static List<(int Line, List<string> Fields)> Records(string path, string text, char delimiter)
    {
        var (records, fields, field) = (new List<(int, List<string>)>(), new List<string>(), new System.Text.StringBuilder());
        var (line, start, at, quoted) = (1, 1, 0, false);
        while (at < text.Length)
        {
            var character = text[at++];
            if (character == '"' && field.ToString().AsSpan().IsWhiteSpace())
            {
                field.Clear();
                at = Quoted(path, text, at, field, ref line);
                quoted = true;
            }
            else if (character == delimiter)
            {
                End();
            }
            else if (character is '\n' or '\r')
            {
                at += character == '\r' && at < text.Length && text[at] == '\n' ? 1 : 0;
                EndRecord();
                start = ++line;
            }
            else
            {
                field.Append(character);
            }
        }
        EndRecord();
        return records;

        void End()
        {
            fields.Add(field.ToString());
            field.Clear();
            quoted = false;
        }

        void EndRecord()
        {
            var empty = fields.Count == 0 && !quoted && field.ToString().AsSpan().IsWhiteSpace();
            End();
            if (!empty)
                records.Add((start, fields));
            fields = [];
        }
    }

    // Reads on from behind a quotation mark to behind the one that closes it.
    private static int Quoted(string path, string text, int at, System.Text.StringBuilder field, ref int line)
    {
        for (var start = line; ; at++)
        {
            if (at == text.Length)
                throw new DataException($"TimeSeries: '{path}', line {start}: a quotation mark opens here and none closes it.");
            if (text[at] == '"' && (at + 1 == text.Length || text[at + 1] != '"'))
                return at + 1;
            at += text[at] == '"' ? 1 : 0;
            line += text[at] == '\n' ? 1 : 0;
            field.Append(text[at]);
        }
    }
}
