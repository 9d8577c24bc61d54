using System.Text.Json;
using System.Text.Json.Serialization;

namespace CourseKit.Benchmarks;

/// <summary>One line of JSON for each case and program.</summary>
internal sealed class JsonReport : IBenchReport
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerOptions.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <inheritdoc/>
    public void Add(BenchCase one, BenchResults results)
    {
        foreach (var result in new[] { results.Kit, results.PyTorch, results.OnnxRuntime }.OfType<BenchResult>())
            Console.Out.WriteLine(JsonSerializer.Serialize(result, s_options));
        Console.Out.Flush();
    }

    /// <inheritdoc/>
    public void End()
    {
    }
}
