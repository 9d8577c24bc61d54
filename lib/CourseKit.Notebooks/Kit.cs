using System.Globalization;

namespace CourseKit.Notebooks;

/// <summary>The kit itself: what the first cell of every notebook calls.</summary>
public static class Kit
{
    /// <summary>
    /// Makes the notebook ready: numbers print with a decimal point on every machine, MathNet's matrices show as tables. Let it be a cell's last value to see
    /// what the notebook runs on.
    /// </summary>
    /// <returns>Versions, vector width and cores, shown as one line.</returns>
    public static KitInfo Start()
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        HostFormatters.Register();
        return new KitInfo();
    }
}
