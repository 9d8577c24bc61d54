using System.Text.Json;
using System.Text.Json.Nodes;
using CourseKit.Host.Diagnosis;

namespace CourseKit.Host.Commands;

/// <summary>doctor</summary>
internal sealed class DoctorVerb : Verb
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, NewLine = "\n" };

    public override string Name => "doctor";

    public override string Summary => "looks at this machine and says what is missing";

    public override IReadOnlyList<Option> Options { get; } =
    [
        Option.Switch("--json", "print one JSON object instead of lines"),
    ];

    public override async Task<int> RunAsync(Arguments arguments, Terminal terminal)
    {
        // Programs that are asked run beside each other, and have ended when the speed is measured.
        var (sdk, jupyter) = (Machine.SdkAsync(terminal), JupyterState.LookAsync(terminal));
        await Task.WhenAll(sdk, jupyter);
        List<Finding> findings = [await sdk, .. Machine.Look(), .. Project.Look(terminal), .. await jupyter];
        var isWell = findings.TrueForAll(finding => finding.State != FindingState.Mend);
        if (arguments.Has("--json"))
        {
            terminal.Out.WriteLine(Json(findings, isWell).ToJsonString(Layout));
        }
        else
        {
            foreach (var finding in findings)
                terminal.Out.WriteLine(Line(finding));
        }
        return isWell ? 0 : 1;
    }

    private static string Line(Finding finding)
    {
        var state = finding.State switch { FindingState.Ok => "ok  ", FindingState.Mend => "MEND", _ => "opt " };
        return $"{state} {finding.What,-11} {finding.Found}{(finding.Remedy is null ? "" : $": {finding.Remedy}")}";
    }

    private static JsonObject Json(List<Finding> findings, bool isWell) => new()
    {
        ["ok"] = isWell,
        ["lines"] = new JsonArray([.. findings.Select(finding => new JsonObject
        {
            ["what"] = finding.What,
            ["found"] = finding.Found,
            ["state"] = finding.State switch { FindingState.Ok => "ok", FindingState.Mend => "mend", _ => "optional" },
            ["mend"] = finding.Remedy,
        })]),
        ["numbers"] = new JsonObject(findings.SelectMany(finding => finding.Numbers).Select(number => KeyValuePair.Create(number.Name, (JsonNode?)number.Value))),
    };
}
