namespace CourseKit.Data.Loaders;

/// <summary>Multi30k: descriptions of pictures in English with their translations into German, French and Czech.</summary>
/// <param name="Train">29,000 pairs in the usual files.</param>
/// <param name="Validation">1,014 pairs.</param>
/// <param name="Test">1,000 pairs.</param>
/// <remarks>Elliott, Frank, Sima'an and Specia, Multi30K: Multilingual English-German Image Descriptions, 2016.</remarks>
public sealed record Multi30k(ParallelText Train, ParallelText Validation, ParallelText Test)
{
    private static readonly string[] s_testNames = ["test_2016_flickr", "test2016", "test"];

    private static readonly DataSource s_source = new("Multi30k", ["multi30k", "data/task1/raw"], "https://github.com/multi30k/dataset (the files of data/task1/raw, each unpacked with gunzip)");

    /// <summary>Reads the three parts in two languages.</summary>
    /// <param name="path">The folder with train.en, val.en, test_2016_flickr.en (or test2016.en, test.en) and the same of the other language, or one that holds it as multi30k; null for the folder in COURSEKIT_DATA. Default: null.</param>
    /// <param name="source">The ending of the files to translate from. Default: "de".</param>
    /// <param name="target">The ending of the files to translate to. Default: "en".</param>
    /// <exception cref="DataException">A file is not there or is not text, or the two languages have not the same number of lines; the message says what was expected where, and how to get it.</exception>
    public static Multi30k Load(string? path = null, string source = "de", string target = "en")
    {
        var folder = s_source.FindFolder(path, $"train.{source}", $"train.{target}", $"val.{source}", $"val.{target}");
        var test = s_testNames.FirstOrDefault(name => File.Exists(Path.Combine(folder, $"{name}.{source}")))
            ?? throw s_source.Wrong(folder, $"must hold {string.Join(" or ", s_testNames.Select(name => $"'{name}.{source}'"))}, but holds none of them");
        return new(Part("train"), Part("val"), Part(test));

        ParallelText Part(string name) => ParallelText.Load(Path.Combine(folder, $"{name}.{source}"), Path.Combine(folder, $"{name}.{target}"));
    }
}
