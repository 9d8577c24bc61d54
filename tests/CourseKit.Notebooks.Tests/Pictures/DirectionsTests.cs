using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Notebooks.Tests.Pictures;

public class DirectionsTests
{
    private static readonly int[] Ids = [3, 1, 4, 1, 5, 2];
    private static readonly string[] Words = ["We", "saw", "Rose", "saw", "it", "."];

    [Fact]
    public void Influence_OfEachDirection_ReachesToTheWordAndNoFurther()
    {
        var influences = DirectionInfluence.Of(Tagger(), Embedded(Tagger()));
        Assert.Equal(Ids.Length, influences.Length);
        for (var t = 0; t < Ids.Length; t++)
        {
            Assert.All(influences[t].Forward[..(t + 1)], value => Assert.True(value > 0));
            Assert.All(influences[t].Forward[(t + 1)..], value => Assert.Equal(0, value));
            Assert.All(influences[t].Backward![..t], value => Assert.Equal(0, value));
            Assert.All(influences[t].Backward![t..], value => Assert.True(value > 0));
        }
    }

    [Fact]
    public void Influence_OfBoth_IsTheSlopeOfTheLeadMeasuredByFiniteDifferences()
    {
        var model = Tagger();
        var x = Embedded(model);
        foreach (var influence in DirectionInfluence.Of(model, x))
        {
            var order = influence.Outputs.Select((score, k) => (score, k)).OrderByDescending(pair => pair.score).Select(pair => pair.k).ToArray();
            for (var t = 0; t < Ids.Length; t++)
            {
                var squares = Enumerable.Range(0, 4).Sum(k => Math.Pow((Lead(t, k, 0.02f) - Lead(t, k, -0.02f)) / 0.04, 2));
                Assert.Equal(Math.Sqrt(squares), influence.All[t], 2e-3);
            }

            double Lead(int t, int k, float change)
            {
                var moved = x.Detach();
                moved[0, t, k] += change;
                foreach (var layer in model.Layers.Skip(1))
                    moved = layer is SequenceLayer recurrent ? recurrent.Forward(moved).Output : ((FeedForwardLayer)layer).Forward(moved);
                return moved[0, influence.Step, order[0]] - moved[0, influence.Step, order[1]];
            }
        }
    }

    [Fact]
    public void Influence_Looking_LeavesNoGradientAndNothingSwitchedOff()
    {
        var model = Tagger();
        DirectionInfluence.Of(model, Embedded(model));
        Assert.All(model.Parameters, parameter => Assert.True(parameter.Tensor.RequiresGradient));
        Assert.All(model.Parameters, parameter => Assert.Null(parameter.Tensor.Gradient));
    }

    [Fact]
    public void Influence_OneDirection_HasNoBackwardPartAndForwardIsAll()
    {
        var model = new Model(1, new Embedding(7, 4), new Gru(4, 5), new Linear(5, 3));
        Assert.All(DirectionInfluence.Of(model, Embedded(model)), influence =>
        {
            Assert.Null(influence.Backward);
            Assert.Equal(influence.All, influence.Forward);
        });
    }

    [Fact]
    public void Bidirectional_Figure_HasAWordForEachWayWithItsShareAndWords()
    {
        var influence = DirectionInfluence.Of(Tagger(), Embedded(Tagger()))[2];
        var drawing = new DirectionsDrawing(influence, Words, ["O", "PER", "LOC"]);
        var fragment = new Fragment(drawing);
        Assert.Equal(6, fragment.WithClass("n").Count());
        Assert.Equal(6, fragment.WithClass("p").Count());
        Assert.Equal(3 + 2, fragment.WithClass("u").Count());
        Assert.Equal(["Rose", "Rose", "Rose"], fragment.WithClass("t").Where(e => e.Value.Length > 0).Select(e => e.Value));
        Assert.Equal(18, fragment.Hover.GetProperty("texts").GetArrayLength());
        Assert.Equal("it, forward: none", fragment.Hover.GetProperty("texts")[4].GetString());
        Assert.Equal(1, drawing.Answers.Sum(), 1e-12);
        Assert.StartsWith("What the answer at \"Rose\", ", drawing.ToString(), StringComparison.Ordinal);
        Assert.Contains("forward 3 of 6 words", drawing.ToString(), StringComparison.Ordinal);
        Assert.Contains("backward 4 of 6 words", drawing.ToString(), StringComparison.Ordinal);
        Assert.Contains("both 6 of 6 words", drawing.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Bidirectional_OfIdsAndOfTheirVectors_IsTheSame()
    {
        var model = Tagger();
        var numbers = new Model(1, new Lstm(4, 3, bidirectional: true), new Linear(6, 3));
        numbers.Parameters.Zip(model.Parameters.Skip(1)).ToList().ForEach(pair => pair.First.Tensor.CopyFrom(pair.Second.Tensor));
        Assert.Equal(Picture.Bidirectional(model, Ids, Words).ToHtml(), Picture.Bidirectional(numbers, Embedded(model), Words).ToHtml());
    }

    [Fact]
    public void Bidirectional_TwoLayersOfBoth_SaysWhyForwardSeesLaterWords()
    {
        var model = new Model(1, new Embedding(7, 4), new Gru(4, 3, layers: 2, bidirectional: true), new Linear(6, 3));
        var drawing = new DirectionsDrawing(DirectionInfluence.Of(model, Embedded(model))[1], Words, ["a", "b", "c"]);
        Assert.Contains(new Fragment(drawing).Notes, note => note.StartsWith("The forward state sees later words too", StringComparison.Ordinal));
    }

    [Fact]
    public void Bidirectional_WhatDoesNotFit_IsNamed()
    {
        void Throws<T>(string start, Func<Drawing> make) where T : Exception => Assert.StartsWith(start, Assert.Throws<T>(make).Message, StringComparison.Ordinal);

        Model With(params Layer[] layers) => new(1, [new Embedding(7, 4), .. layers]);
        Throws<ArgumentException>("Picture.Bidirectional: words must be one label for every time step, but got 2 labels and 6 time steps.", () => Picture.Bidirectional(Tagger(), Ids, ["a", "b"]));
        Throws<ArgumentException>("Picture.Bidirectional: classes must be one name for each of the model's 3 answers, but got 1.", () => Picture.Bidirectional(Tagger(), Ids, Words, ["a"]));
        Throws<ArgumentOutOfRangeException>("Picture.Bidirectional: the sentence must have 1 to 40 words, but has 0. Give at least one.", () => Picture.Bidirectional(Tagger(), []));
        Throws<ArgumentException>("Picture.Bidirectional: the model must have a recurrent layer, but is Model of embedding, linear", () => Picture.Bidirectional(With(new Linear(4, 3)), Ids));
        Throws<ArgumentException>("Picture.Bidirectional: the model must answer at every time step, [1, 6, classes], but gives [1, 3].", () => Picture.Bidirectional(With(new Gru(4, 3, returnSequences: false)), Ids));
        Throws<ArgumentException>("Picture.Bidirectional: Gru(inputSize: 4, hiddenSize: 3, bidirectional: true, merge: Sum) merges its directions",
            () => Picture.Bidirectional(With(new Gru(4, 3, bidirectional: true, merge: BidirectionalMerge.Sum)), Ids));
        Throws<ArgumentException>("Picture.Bidirectional: Gru(inputSize: 4, hiddenSize: 3)", () => Picture.Bidirectional(With(new Gru(4, 3) { OutputDropout = 0.5f }), Ids));
        Throws<ArgumentException>("Picture.Bidirectional: ids need an Embedding as the first layer", () => Picture.Bidirectional(new Model(1, new Gru(4, 3)), Ids));
        Throws<ShapeException>("Picture.Bidirectional: x must be one sequence, [1, time, inputSize], but got [2, 3, 4].", () => Picture.Bidirectional(new Model(1, new Gru(4, 3)), Tensor.Zeros(2, 3, 4)));
    }

    private static Model Tagger() => new(1, new Embedding(7, 4), new Lstm(4, 3, bidirectional: true), new Linear(6, 3));

    private static Tensor Embedded(Model model) => ((Embedding)model.Layers[0]).Forward(IntTensor.From(Ids, 1, Ids.Length));
}
