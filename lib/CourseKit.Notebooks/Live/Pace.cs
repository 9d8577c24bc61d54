using System.Diagnostics;

namespace CourseKit.Notebooks;

/// <summary>
/// When a picture that changes is drawn anew: at most 4 times a second, so that drawing takes a tenth of the time at most, and so that no front end drops it for its size
/// (Jupyter's server does above 1 MB a second).
/// </summary>
internal sealed class Pace
{
    private const double Share = 0.1, CharactersASecond = 500_000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.25);

    private readonly TimeSpan _pause;
    private long _next = Stopwatch.GetTimestamp();

    /// <param name="pause">Between two drawings at least; null for a quarter of a second.</param>
    public Pace(TimeSpan? pause = null) => _pause = pause ?? Pause;

    /// <summary>Whether it is time.</summary>
    public bool IsDue => Stopwatch.GetTimestamp() >= _next;

    /// <summary>Draws, and puts the next time off.</summary>
    /// <param name="draw">What to do; gives the size of what was drawn, in characters.</param>
    public void Draw(Func<int> draw)
    {
        var start = Stopwatch.GetTimestamp();
        var size = draw();
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var wait = Math.Max(_pause.TotalSeconds, Math.Max(took * (1 - Share) / Share, size / CharactersASecond));
        _next = Stopwatch.GetTimestamp() + (long)(wait * Stopwatch.Frequency);
    }

    /// <summary>Minutes and seconds: "1:05"; hours before them when there are any.</summary>
    public static string Clock(TimeSpan time) => time.TotalHours >= 1
        ? FormattableString.Invariant($"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
        : FormattableString.Invariant($"{(int)time.TotalMinutes}:{time.Seconds:00}");
}
