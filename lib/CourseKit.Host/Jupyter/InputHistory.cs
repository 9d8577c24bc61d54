using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CourseKit.Host.Jupyter;

/// <summary>What was run since the kernel started; a front end's arrow keys go through it.</summary>
internal sealed class InputHistory
{
    private readonly List<(int Number, string Source)> _inputs = [];

    /// <summary>Keeps a cell.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="source">Its source.</param>
    public void Add(int number, string source) => _inputs.Add((number, source));

    /// <summary>The content of a history_reply.</summary>
    /// <param name="request">hist_access_type tail, range or search, with what belongs to it.</param>
    public JsonObject Answer(JupyterMessage request)
    {
        var most = Math.Max(0, request.Integer("n", 1000));
        IEnumerable<(int Number, string Source)> found = request.Text("hist_access_type", "tail") switch
        {
            // Session 0 is this one, 1 too, and there is no other.
            "range" when request.Integer("session") is 0 or 1 => _inputs.Where(input => input.Number >= request.Integer("start") && input.Number < request.Integer("stop", int.MaxValue)),
            "range" => [],
            "search" => Search(request.Text("pattern", "*"), request.Flag("unique")).TakeLast(most),
            _ => _inputs.TakeLast(most),
        };
        var withOutput = request.Flag("output");
        return new()
        {
            ["status"] = "ok",
            ["history"] = new JsonArray([.. found.Select(input => new JsonArray(1, input.Number, withOutput ? new JsonArray(input.Source, null) : input.Source))]),
        };
    }

    private IEnumerable<(int Number, string Source)> Search(string glob, bool unique)
    {
        var pattern = new Regex($"^{Regex.Escape(glob).Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\?", ".", StringComparison.Ordinal)}$",
            RegexOptions.Singleline | RegexOptions.NonBacktracking);
        var found = _inputs.Where(input => pattern.IsMatch(input.Source));
        // Of equals the latest.
        return unique ? found.Reverse().DistinctBy(input => input.Source).Reverse() : found;
    }
}
