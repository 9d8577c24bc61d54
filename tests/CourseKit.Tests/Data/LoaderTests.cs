using CourseKit.Data;
using CourseKit.Data.Loaders;
using CourseKit.Tensors;

namespace CourseKit.Tests.Data;

/// <summary>The tests of one class run one after another, so that the environment variable may change in them.</summary>
public sealed class LoaderTests : IDisposable
{
    private const string Shakespeare = "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt";
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-data-").FullName;
    private readonly string? variable = Environment.GetEnvironmentVariable("COURSEKIT_DATA");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("COURSEKIT_DATA", variable);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Load_PathFolderOrVariable_FindsTheFile()
    {
        var file = Write("tinyshakespeare/input.txt", "First Citizen:\nBefore we proceed");
        Environment.SetEnvironmentVariable("COURSEKIT_DATA", folder);
        foreach (var path in new[] { file, Path.GetDirectoryName(file), folder, null })
            Assert.StartsWith("First Citizen:\nBefore", TinyShakespeare.Load(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NotThere_SaysWhatWasExpectedWhereAndHowToGetIt()
    {
        const string Wanted = "'tinyshakespeare.txt' or 'tinyshakespeare/input.txt' or 'input.txt'";
        string Message(string? path) => Assert.Throws<DataException>(() => TinyShakespeare.Load(path)).Message;
        Environment.SetEnvironmentVariable("COURSEKIT_DATA", null);
        Assert.Equal($"TinyShakespeare: there is no path, and the environment variable COURSEKIT_DATA is not set. Give a path, or set COURSEKIT_DATA to a folder that holds {Wanted}. Get it from {Shakespeare}", Message(null));
        Environment.SetEnvironmentVariable("COURSEKIT_DATA", folder);
        Assert.Equal($"TinyShakespeare: expected {Wanted} in the folder '{folder}' of COURSEKIT_DATA, but it is not there. Get it from {Shakespeare}", Message(null));
        Assert.Equal($"TinyShakespeare: expected {Wanted} in the folder '{folder}', but it is not there. Get it from {Shakespeare}", Message(folder));
        var none = Path.Combine(folder, "none");
        Assert.Equal($"TinyShakespeare: there is no file or folder '{none}'. Give the path of {Wanted}, or of a folder that holds it. Get it from {Shakespeare}", Message(none));
        Environment.SetEnvironmentVariable("COURSEKIT_DATA", none);
        Assert.Equal($"TinyShakespeare: COURSEKIT_DATA names the folder '{none}', which does not exist. Set it to a folder that holds {Wanted}. Get it from {Shakespeare}", Message(null));
    }

    [Fact]
    public void TinyShakespeare_AnotherText_IsRefused()
    {
        var file = Write("input.txt", "Call me Ishmael.");
        Assert.Equal($"TinyShakespeare: '{file}' must begin with 'First Citizen:', but is another text; TextFile.Read reads any. Get it from {Shakespeare}", Assert.Throws<DataException>(() => TinyShakespeare.Load(file)).Message);
    }

    [Fact]
    public void Names_FileAndFolderOfLanguages_AreRead()
    {
        Assert.Equal(["emma", "olivia"], Names.Load(Write("names.txt", "emma\n\n olivia \r\n")));
        Write("names/German.txt", "Müller\nMeier\n");
        var error = Assert.Throws<DataException>(() => Names.LoadByLanguage(folder));
        Assert.Equal($"Names: '{Path.Combine(folder, "names")}' must hold a .txt file for each of at least 2 languages, but holds 1. Get it from https://download.pytorch.org/tutorial/data.zip", error.Message);
        Write("names/Czech.txt", "Novák\n");
        foreach (var path in new[] { folder, Path.Combine(folder, "names") })
        {
            var names = Names.LoadByLanguage(path);
            Assert.Equal(["Czech", "German"], names.Keys);
            Assert.Equal(["Müller", "Meier"], names["German"]);
        }
        var empty = Write("empty.txt", "\n \n");
        Assert.StartsWith($"Names: '{empty}' must hold one name a line, but holds none.", Assert.Throws<DataException>(() => Names.Load(empty)).Message);
    }

    [Fact]
    public void PennTreebank_ThreeFiles_GiveWordsWithSentenceEnds()
    {
        Write("ptb/ptb.train.txt", " the cat <unk> \n a dog N \n");
        Write("ptb/ptb.valid.txt", " a cat \n");
        var test = Write("ptb/ptb.test.txt", " the dog \n");
        var treebank = PennTreebank.Load(folder);
        Assert.Equal(["the", "cat", "<unk>", "<eos>", "a", "dog", "N", "<eos>"], treebank.Train);
        Assert.Equal(["the", "dog", "<eos>"], treebank.Test);
        Assert.Equal(7, treebank.Vocabulary.Count);
        Assert.Equal(3, treebank.Vocabulary.Encode(treebank.Validation).Length);

        File.WriteAllText(test, "the bird\n");
        Assert.StartsWith($"PennTreebank: '{test}' must have no word that ptb.train.txt lacks, but has 'bird'.", Assert.Throws<DataException>(() => PennTreebank.Load(folder)).Message);
        File.Delete(test);
        Assert.StartsWith($"PennTreebank: expected 'ptb.test.txt' in the folder '{Path.Combine(folder, "ptb")}', but it is not there. Get it from http", Assert.Throws<DataException>(() => PennTreebank.Load(folder)).Message);
    }

    [Fact]
    public void Multi30k_TwoLanguages_GivesPairs()
    {
        foreach (var part in new[] { "train", "val", "test2016" })
        {
            Write($"{part}.de", $"Ein Hund.\n{part}\n");
            Write($"{part}.en", $"A dog.\n{part}\n");
        }
        var data = Multi30k.Load(folder);
        Assert.Equal(2, data.Train.Count);
        Assert.Equal("Ein Hund.", data.Test.Source[0]);
        Assert.Equal("A dog.", Multi30k.Load(folder, "en", "de").Validation.Source[0]);

        var file = Write("val.en", "A dog.\n");
        Assert.Equal($"ParallelText: '{Path.Combine(folder, "val.de")}' and '{file}' must have the same number of lines, but have 2 and 1. Line by line one must be the translation of the other.",
            Assert.Throws<DataException>(() => Multi30k.Load(folder)).Message);
        Assert.Contains("https://github.com/multi30k/dataset", Assert.Throws<DataException>(() => Multi30k.Load(folder, "cs")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void JsbChorales_File_GivesChordsAndPianoRolls()
    {
        var file = Write("chorales.json", """{"train": [[[72, 60], []], [[108]]], "valid": [], "test": [[[21]]]}""");
        var chorales = JsbChorales.Load(file);
        Assert.Equal([[60, 72], []], chorales.Train[0]);
        Assert.Empty(chorales.Validation);
        var roll = JsbChorales.PianoRoll(chorales.Train[0]);
        Assert.Equal(new Shape(2, 88), roll.Shape);
        Assert.Equal(2, roll.ToArray().Sum());
        Assert.Equal(1, roll[0, 60 - 21]);
        Assert.Equal(1, JsbChorales.PianoRoll(chorales.Train[1])[0, 87]);
        Assert.StartsWith("JsbChorales.PianoRoll: every pitch must be in 21..108, but chorale[0] has 20.", Assert.Throws<ArgumentOutOfRangeException>(() => JsbChorales.PianoRoll([[20]])).Message);
    }

    [Theory]
    [InlineData("[]", "must be a JSON object with the lists train, valid and test")]
    [InlineData("{}", "must have the list train, but has not")]
    [InlineData("""{"train": 3}""", "must have a list at train, but has Number")]
    [InlineData("""{"train": [[[60], 7]]}""", "must have a list at train[0][1], but has Number")]
    [InlineData("""{"train": [[[60, 128]]]}""", "must have MIDI pitches 0..127 at train[0][0], but has 128")]
    [InlineData("""{"train": [[["a"]]]}""", "must have MIDI pitches 0..127 at train[0][0], but has \"a\"")]
    [InlineData("""{"train": [[[6""", "is not JSON")]
    public void JsbChorales_BadFile_ThrowsSayingWhere(string json, string what)
    {
        var file = Write("bad.json", json);
        Assert.StartsWith($"JsbChorales: '{file}' {what}. Get it from https://raw.githubusercontent.com/czhuang/", Assert.Throws<DataException>(() => JsbChorales.Load(file)).Message, StringComparison.Ordinal);
    }

    [RealDataFact("tinyshakespeare.txt")]
    public void TinyShakespeare_RealFile_HasItsKnownLength()
    {
        var text = TinyShakespeare.Load();
        Assert.Equal(1_115_394, text.Length);
        Assert.Equal(65, Vocabulary.OfCharacters(text).Count);
    }

    [RealDataFact("names.txt")]
    public void Names_RealFile_HasItsKnownCount() => Assert.Equal(32_033, Names.Load().Count);

    [RealDataFact("jsb-chorales-quarter.json")]
    public void JsbChorales_RealFile_HasItsKnownParts()
    {
        var chorales = JsbChorales.Load();
        Assert.Equal((229, 76, 77), (chorales.Train.Count, chorales.Validation.Count, chorales.Test.Count));
        var longest = chorales.Train.Max(chorale => chorale.Length);
        Assert.Equal(new Shape(229, longest, 88), Padding.Features([.. chorales.Train.Select(chorale => JsbChorales.PianoRoll(chorale))]).Features.Shape);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
