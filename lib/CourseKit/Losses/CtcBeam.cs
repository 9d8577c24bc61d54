namespace CourseKit.Losses;

/// <summary>The beginnings of labels that prefix beam search keeps for one row.</summary>
internal static class CtcBeam
{
    /// <summary>The likeliest labels of one row.</summary>
    /// <param name="row">Log-probabilities, one array of classes a time step.</param>
    /// <param name="beamWidth">How many beginnings are kept.</param>
    /// <param name="blank">The class that stands for no label.</param>
    public static IReadOnlyList<CtcLabels> Search(double[][] row, int beamWidth, int blank)
    {
        List<Prefix> beam = [new(null, blank, 0) { Blank = 0 }];
        var number = 0;
        foreach (var step in row)
        {
            var touched = new List<Prefix>();
            var likeliest = Likeliest(step, beamWidth, blank, beam);
            foreach (var prefix in beam)
            {
                // The same labels: another blank, or the last label once more.
                prefix.Touch(touched);
                prefix.NextBlank = LogSum(prefix.NextBlank, prefix.Total + step[blank]);
                if (prefix.Parent is not null)
                    prefix.NextLabel = LogSum(prefix.NextLabel, prefix.Label + step[prefix.Last]);

                // One label more; the last one again only behind a blank.
                foreach (var label in likeliest)
                {
                    var from = label == prefix.Last && prefix.Parent is not null ? prefix.Blank : prefix.Total;
                    if (double.IsNegativeInfinity(from + step[label]))
                        continue;
                    if (!prefix.Children.TryGetValue(label, out var longer))
                        prefix.Children.Add(label, longer = new(prefix, label, ++number));
                    longer.Touch(touched);
                    longer.NextLabel = LogSum(longer.NextLabel, from + step[label]);
                }
            }

            foreach (var prefix in touched)
                prefix.Advance();
            beam = [.. touched.OrderByDescending(prefix => prefix.Total).ThenBy(prefix => prefix.Number).Take(beamWidth)];
            foreach (var prefix in touched)
                prefix.Kept = false;
            foreach (var prefix in beam)
                prefix.Kept = true;
            foreach (var prefix in touched.Where(prefix => !prefix.Kept))
                prefix.Leave();
        }
        return [.. beam.Select(prefix => new CtcLabels(prefix.Labels(), prefix.Total))];
    }

    /// <summary>
    /// The labels that can bring a new beginning into the beam: a beginning has beamWidth better extensions than by any other label, one of which may be
    /// its last label, which counts for less. And the last labels of what is in the beam, whose paths must all be added up.
    /// </summary>
    private static int[] Likeliest(double[] step, int beamWidth, int blank, List<Prefix> beam)
    {
        var labels = Enumerable.Range(0, step.Length).Where(label => label != blank);
        if (step.Length <= beamWidth + 2)
            return [.. labels];
        return [.. labels.OrderByDescending(label => step[label]).ThenBy(label => label).Take(beamWidth + 1).Union(beam.Where(prefix => prefix.Parent is not null).Select(prefix => prefix.Last))];
    }

    // log(e^a + e^b).
    private static double LogSum(double a, double b)
    {
        var max = Math.Max(a, b);
        return double.IsNegativeInfinity(max) ? max : max + Math.Log(Math.Exp(a - max) + Math.Exp(b - max));
    }

    /// <summary>Labels as the way from the root of a tree, with the log-probability of the paths that end on a blank and of those that end on the last label.</summary>
    private sealed class Prefix(Prefix? parent, int last, int number)
    {
        private bool touched;

        public Prefix? Parent { get; } = parent;

        public int Last { get; } = last;

        public int Number { get; } = number;

        public Dictionary<int, Prefix> Children { get; } = [];

        public double Blank { get; set; } = double.NegativeInfinity;

        public double Label { get; private set; } = double.NegativeInfinity;

        public double Total { get; private set; }

        public double NextBlank { get; set; }

        public double NextLabel { get; set; }

        public bool Kept { get; set; }

        public void Touch(List<Prefix> list)
        {
            if (touched)
                return;
            (touched, NextBlank, NextLabel) = (true, double.NegativeInfinity, double.NegativeInfinity);
            list.Add(this);
        }

        public void Advance() => (touched, Blank, Label, Total) = (false, NextBlank, NextLabel, LogSum(NextBlank, NextLabel));

        /// <summary>Falls out of the beam: no path goes on from here.</summary>
        public void Leave()
        {
            (Blank, Label, Total) = (double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity);
            if (Children.Count == 0)
                Parent?.Children.Remove(Last);
        }

        public int[] Labels()
        {
            var labels = new List<int>();
            for (var prefix = this; prefix.Parent is not null; prefix = prefix.Parent)
                labels.Add(prefix.Last);
            labels.Reverse();
            return [.. labels];
        }
    }
}
