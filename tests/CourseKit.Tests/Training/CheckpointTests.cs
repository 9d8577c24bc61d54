using System.Security.Cryptography;
using System.Text;
using CourseKit.Data;
using CourseKit.Interchange;
using CourseKit.Layers;
using CourseKit.Optimizers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.Training;

/// <summary>The file: what is in it, what happens to it, and what is said when it cannot be used.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-checkpoint-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string FilePath => Path.Combine(folder, "run.checkpoint");

    private string Previous => FilePath + ".previous";

    [Fact]
    public void Fit_EverySoManySteps_KeepsTheLastTwo()
    {
        Fit(10, new Checkpoint(FilePath, 4));

        Assert.Equal([FilePath, Previous], Directory.GetFileSystemEntries(folder).Order());
        Assert.Equal(10, Safetensors.Read(FilePath).Tensors["history.steps"].Shape[0]);
        Assert.Equal(8, Safetensors.Read(Previous).Tensors["history.steps"].Shape[0]);
    }

    /// <summary>The rule that the documentation gives for checking a file by other means.</summary>
    [Fact]
    public void File_Sha256_IsThatOfTheFileWithZerosInItsPlace()
    {
        Fit(3, new Checkpoint(FilePath, 4));
        var bytes = File.ReadAllBytes(FilePath);
        var at = bytes.AsSpan().IndexOf("\"sha256\":\""u8) + 10;
        var written = Encoding.ASCII.GetString(bytes, at, 64);
        bytes.AsSpan(at, 64).Fill((byte)'0');

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), written);
        Assert.Equal(written, Safetensors.Read(FilePath).Metadata["sha256"]);
    }

    [Fact]
    public void File_OpenedAsSafetensors_HoldsModelAndOptimizerByName()
    {
        var model = Fit(3, new Checkpoint(FilePath, 4));
        var file = Safetensors.Read(FilePath);

        Assert.Equal(model.Parameters[0].Tensor.ToArray(), file.Tensors["model.linear.weight"].ToArray());
        Assert.Equal([1, 2], file.Tensors["optimizer.linear.weight.exp_avg"].Shape.Sizes.ToArray());
        Assert.Equal(3, file.Tensors["optimizer.linear.bias.step"].Item());
        Assert.Equal(("0", "3", "0.01", "Adam"), (file.Metadata["epoch"], file.Metadata["position"], file.Metadata["learning_rate"], file.Metadata["optimizer"]));
    }

    [Fact]
    public void Begin_FileThereAndNoResume_ThrowsAndKeepsIt()
    {
        Fit(4, new Checkpoint(FilePath, 4));
        var before = File.ReadAllBytes(FilePath);

        Assert.Equal(
            $"The checkpoint '{FilePath}' exists. Go on from it (resume), name another file, or delete it and '{Previous}'.",
            Refused(4, new Checkpoint(FilePath, 4)));
        Assert.Equal(before, File.ReadAllBytes(FilePath));
    }

    /// <summary>A byte changed at each of many places, and cuts at many lengths: every one is noticed, and the one before is used.</summary>
    [Fact]
    public void Begin_NewestDamagedAnywhere_GoesOnFromTheOneBefore()
    {
        var whole = Fit(9);
        Fit(5, new Checkpoint(FilePath, 4));
        var (good, before) = (File.ReadAllBytes(FilePath), File.ReadAllBytes(Previous));
        for (var at = 0; at < good.Length; at += 61)
        {
            foreach (var damaged in new[] { good[..at], [.. good[..at], (byte)(good[at] ^ 4), .. good[(at + 1)..]] })
            {
                File.WriteAllBytes(FilePath, damaged);
                File.WriteAllBytes(Previous, before);
                var checkpoint = new Checkpoint(FilePath, 100, resume: true);
                var model = Fit(9, checkpoint);

                Assert.Equal(Numbers(whole), Numbers(model));
                Assert.StartsWith($"The checkpoint '{FilePath}' ", checkpoint.Damage, StringComparison.Ordinal);
                // The damaged one is gone, and the good one before it is still there.
                Assert.Equal(9, Safetensors.Read(FilePath).Tensors["history.steps"].Shape[0]);
                Assert.Equal(before, File.ReadAllBytes(Previous));
            }
        }
    }

    [Fact]
    public void Begin_NewestDamaged_SaysSoWhereTheProgressGoes()
    {
        Fit(5, new Checkpoint(FilePath, 4));
        Flip(FilePath);
        var said = new StringWriter();
        Make().Fit(Data(), Options(9, new Checkpoint(FilePath, 100, resume: true)) with { Progress = said });
        Assert.StartsWith(
            $"The checkpoint '{FilePath}' is damaged (its SHA-256 is not the one that it was written with): going on from '{Previous}', step 4{Environment.NewLine}",
            said.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A length that is no header's must not be allocated: an array of so many bytes cannot be.</summary>
    [Fact]
    public void Begin_NewestLongAndItsHeaderDamaged_GoesOnFromTheOneBefore()
    {
        Fit(5, new Checkpoint(FilePath, 4));
        using (var file = new FileStream(FilePath, FileMode.Open))
        {
            file.Write([255, 255, 255, 255, 255, 255, 255, 255]);
            file.SetLength(3L << 30);
        }

        Assert.Equal(Numbers(Fit(9)), Numbers(Fit(9, new Checkpoint(FilePath, 100, resume: true))));
    }

    [Fact]
    public void Begin_NewestMissing_GoesOnFromTheOneBefore()
    {
        Fit(5, new Checkpoint(FilePath, 4));
        File.Delete(FilePath);
        Assert.Equal(Numbers(Fit(9)), Numbers(Fit(9, new Checkpoint(FilePath, 100, resume: true))));
    }

    [Fact]
    public void Begin_BothDamaged_ThrowsNamingBothAndChangesNothing()
    {
        Fit(5, new Checkpoint(FilePath, 4));
        Flip(FilePath);
        File.WriteAllText(Previous, "no checkpoint at all");
        var before = File.ReadAllBytes(FilePath);

        Assert.Equal(
            $"The checkpoint '{FilePath}' is damaged (its SHA-256 is not the one that it was written with). The checkpoint '{Previous}' is damaged (it has no SHA-256 in its header). Put a good copy in its place, or delete both and begin anew.",
            Refused(9, new Checkpoint(FilePath, 4, resume: true)));
        Assert.Equal(before, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public void Begin_OfAnotherTraining_ThrowsNamingTheDifferenceAndChangesNothing()
    {
        Fit(5, new Checkpoint(FilePath, 4));
        string Misfit(Model model, FitOptions options)
        {
            var before = Numbers(model);
            var error = Assert.Throws<CheckpointException>(() => model.Fit(Data(), options));
            Assert.Equal(before, Numbers(model));
            Assert.StartsWith($"The checkpoint '{FilePath}' is of another training: ", error.Message, StringComparison.Ordinal);
            Assert.EndsWith(". Go on with the model, the data and the options that it was made with, or name another file.", error.Message, StringComparison.Ordinal);
            return error.Message;
        }
        var options = Options(9, new Checkpoint(FilePath, 4, resume: true));

        Assert.Contains("its linear.weight is [1, 2], but here it is [3, 2].", Misfit(new Model(1, new Linear(2, 3)), options), StringComparison.Ordinal);
        Assert.Contains("its model has 2 parameters, but here it has 1.", Misfit(new Model(1, new Linear(2, 1, bias: false)), options), StringComparison.Ordinal);
        Assert.Contains("its optimizer is Adam, but here it is AdamW.", Misfit(Make(), options with { Optimizer = new AdamW() }), StringComparison.Ordinal);
        Assert.Contains("Adam: the state must have \"linear.weight.max_exp_avg_sq\" [1, 2], but it is missing.", Misfit(Make(), options with { Optimizer = new Adam(amsgrad: true) }), StringComparison.Ordinal);
        Assert.Contains("it has 0 sources of randomness, but here there are 1: those of the layers, and FitOptions.RandomSources.", Misfit(Make(), options with { RandomSources = [new(1)] }), StringComparison.Ordinal);
        Assert.Contains("it says nothing of text, but here it is a.", Misfit(Make(), options with { Settings = new Dictionary<string, string> { ["text"] = "a" } }), StringComparison.Ordinal);
    }

    [Fact]
    public void Begin_SettingsDiffer_ThrowsNamingBothValues()
    {
        FitOptions With(params (string Name, string Value)[] settings) => Options(9, new Checkpoint(FilePath, 4, resume: true)) with
        {
            Settings = settings.ToDictionary(setting => setting.Name, setting => setting.Value),
        };
        Make().Fit(Data(), With(("hidden", "128")));

        Assert.Contains("another training: its hidden is 128, but here it is 64.", Assert.Throws<CheckpointException>(() => Make().Fit(Data(), With(("hidden", "64")))).Message, StringComparison.Ordinal);
        Assert.Contains("another training: its hidden is 128, but here there is none.", Assert.Throws<CheckpointException>(() => Make().Fit(Data(), With())).Message, StringComparison.Ordinal);
        Make().Fit(Data(), With(("hidden", "128")));
    }

    [Fact]
    public void Begin_FewerBatchesThanBefore_ThrowsNamingBoth()
    {
        Fit(7, new Checkpoint(FilePath, 4));
        var error = Assert.Throws<CheckpointException>(() => Make().Fit(Data().Take(3), Options(9, new Checkpoint(FilePath, 4, resume: true))));
        Assert.Equal("The data has 3 batches an epoch, but the checkpoint has 7 of this epoch behind it. Go on with the data that the training began with.", error.Message);
    }

    [Fact]
    public void Begin_SafetensorsOfAnotherKind_ThrowsSayingSo()
    {
        File.WriteAllBytes(FilePath, []);
        Assert.Contains("is damaged (it has no SHA-256 in its header)", Refused(3, new Checkpoint(FilePath, 1, resume: true)), StringComparison.Ordinal);
        Safetensors.Write(FilePath, [KeyValuePair.Create("a", Tensor.Zeros(2))], new Dictionary<string, string> { ["format"] = "pt" });
        Assert.Contains("is damaged (it has no SHA-256 in its header)", Refused(3, new Checkpoint(FilePath, 1, resume: true)), StringComparison.Ordinal);
    }

    [Fact]
    public void Begin_NoFolder_ThrowsBeforeTheFirstStep()
    {
        var path = Path.Combine(folder, "none", "run.checkpoint");
        var steps = 0;
        var error = Assert.Throws<CheckpointException>(() => Make().Fit(Data(), Options(9, new Checkpoint(path, 1)) with { OnStep = _ => steps++ }));
        Assert.StartsWith($"The checkpoint '{path}' cannot be written: ", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, steps);
    }

    [Fact]
    public void Save_FolderInItsPlaceMeanwhile_ThrowsAndLeavesNoTemporaryFile()
    {
        var error = Assert.Throws<CheckpointException>(() => Make().Fit(Data(), Options(9, new Checkpoint(FilePath, 5)) with { OnStep = step => Block(step.Step) }));
        Assert.StartsWith($"The checkpoint '{FilePath}' cannot be written: ", error.Message, StringComparison.Ordinal);
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(folder));

        void Block(int step)
        {
            if (step == 5)
                Directory.CreateDirectory(FilePath);
        }
    }

    [Fact]
    public void Constructor_EveryBelowOne_Throws() =>
        Assert.Equal("Checkpoint: every must be at least 1, but got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new Checkpoint("a", 0)).Message);

    private static Model Make() => new(1, new Linear(2, 1));

    private static IEnumerable<Batch> Data() => Enumerable.Range(0, 12).Select(i => new Batch(Tensor.From([i, MathF.Sin(i)], 1, 2), Tensor.From([MathF.Cos(i)], 1, 1)));

    private static FitOptions Options(int steps, params ICallback[] callbacks) => new() { Steps = steps, Callbacks = callbacks, Progress = null, Optimizer = new Adam(0.01) };

    private static Model Fit(int steps, params ICallback[] callbacks)
    {
        var model = Make();
        model.Fit(Data(), Options(steps, callbacks));
        return model;
    }

    private static string Refused(int steps, ICallback checkpoint) => Assert.Throws<CheckpointException>(() => Fit(steps, checkpoint)).Message;

    private static float[] Numbers(Model model) => [.. model.Parameters.SelectMany(parameter => parameter.Tensor.ToArray())];

    private static void Flip(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
