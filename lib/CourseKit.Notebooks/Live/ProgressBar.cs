using System.Diagnostics;

namespace CourseKit.Notebooks;

/// <summary>The bar of one loop, in the front end of this process.</summary>
internal sealed class ProgressBar : Drawing, IDisposable
{
    private readonly string _id = Guid.NewGuid().ToString("N"), _title;
    private readonly int? _count;
    private readonly IFrontEnd? _frontEnd = FrontEnd.Current;
    private readonly Pace _pace = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _done;
    private TimeSpan? _end;

    /// <summary>Shows an empty bar.</summary>
    /// <param name="title">May be empty.</param>
    /// <param name="count">Of items; null when unknown.</param>
    public ProgressBar(string title, int? count)
    {
        (_title, _count) = (title, count);
        Show();
    }

    /// <summary>One item is done.</summary>
    public void Advance()
    {
        _done++;
        if (_pace.IsDue)
            Show();
    }

    /// <summary>The loop is over, at its end or before.</summary>
    public void Dispose()
    {
        _end = Elapsed;
        Show();
    }

    /// <summary>"lengths: 3 of 10, 12.5 a second, 0:01 left".</summary>
    public override string ToString()
    {
        var text = $"{(_title.Length > 0 ? $"{_title}: " : "")}{Num.Whole(_done)}{(_count is { } all ? $" of {Num.Whole(all)}" : "")}";
        if (_done == 0)
            return text;
        var rate = _done / Math.Max(Elapsed.TotalSeconds, 1e-9);
        text += rate >= 1 ? $", {Num.Digits(rate, 3)} a second" : $", {Num.Digits(1 / rate, 3)} s each";
        if (_end is { } end)
            return $"{text}, {Pace.Clock(end)} in all";
        return _count is { } count ? $"{text}, {Pace.Clock(TimeSpan.FromSeconds((count - _done) / rate))} left" : text;
    }

    internal override string ToFigure() =>
        Bar(_count is > 0 and var count ? (double)_done / count : _end is null ? null : 1, ToString()) + $"<div class=\"ck-pace\">{Markup.Escape(ToString())}</div>\n";

    /// <summary>The bar alone.</summary>
    /// <param name="share">How much of it is filled, 0 to 1; null when that is unknown.</param>
    /// <param name="words">For those who cannot see it.</param>
    public static string Bar(double? share, string words)
    {
        var percent = share is { } known ? Num.Px(100 * Math.Clamp(known, 0, 1)) : null;
        return $"<div class=\"ck-progress\" role=\"progressbar\" aria-valuemin=\"0\" aria-valuemax=\"100\"{(percent is null ? "" : $" aria-valuenow=\"{percent}\"")} " +
            $"aria-label=\"{Markup.Escape(words)}\"><span style=\"width:{percent ?? "100"}%\"{(percent is null ? " class=\"ck-unknown\"" : "")}></span></div>\n";
    }

    private TimeSpan Elapsed => _end ?? Stopwatch.GetElapsedTime(_start);

    private void Show()
    {
        _pace.Draw(() =>
        {
            var html = _frontEnd is null ? "" : ToHtml();
            _frontEnd?.Show(_id, html, ToString());
            return html.Length;
        });
    }
}
