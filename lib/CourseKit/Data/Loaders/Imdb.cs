using System.IO.Compression;

namespace CourseKit.Data.Loaders;

/// <summary>Reviews of films and whether they are favourable: the Large Movie Review Dataset, as text or as Keras's ids.</summary>
/// <remarks>Maas, Daly, Pham, Huang, Ng and Potts, Learning Word Vectors for Sentiment Analysis, 2011. 25,000 reviews to train on, 25,000 to test.</remarks>
public static class Imdb
{
    /// <summary>The id of padding in what <see cref="LoadIds"/> gives; no review holds it.</summary>
    public const int PadId = 0;

    /// <summary>The id that every review of <see cref="LoadIds"/> begins with.</summary>
    public const int StartId = 1;

    /// <summary>The id of every word beyond the vocabulary in what <see cref="LoadIds"/> gives.</summary>
    public const int UnknownId = 2;

    /// <summary>What Keras adds to a word's rank by frequency: the most frequent word, rank 1, has the id 4.</summary>
    public const int FirstWordId = 3;

    private static readonly DataSource s_folder = new("Imdb", ["aclImdb"], "https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz");

    private static readonly DataSource s_ids = new("Imdb", ["imdb.npz"], "https://storage.googleapis.com/tensorflow/tf-keras-datasets/imdb.npz");

    /// <summary>Reads the reviews as text, from the unpacked archive.</summary>
    /// <param name="path">The folder aclImdb, with train/pos, train/neg, test/pos and test/neg, or one that holds it; null for the folder in COURSEKIT_DATA. Default: null.</param>
    /// <returns>Favourable reviews, label 1, then the others, label 0, each in the order of their files' names.</returns>
    /// <exception cref="DataException">A folder is not there or holds no .txt file, or a file is not text; the message says what was expected where, and how to get it.</exception>
    public static (ImdbReviews Train, ImdbReviews Test) LoadText(string? path = null)
    {
        var folder = s_folder.FindFolder(path, "train/pos", "train/neg", "test/pos", "test/neg");
        return (Part("train"), Part("test"));

        ImdbReviews Part(string name)
        {
            var (favourable, others) = (Texts($"{name}/pos"), Texts($"{name}/neg"));
            return new([.. favourable, .. others], [.. favourable.Select(_ => 1), .. others.Select(_ => 0)]);
        }

        string[] Texts(string name)
        {
            var part = Path.Combine(folder, name);
            var files = Directory.GetFiles(part, "*.txt").Order(StringComparer.Ordinal).ToArray();
            return files.Length > 0 ? Array.ConvertAll(files, TextFile.Read) : throw s_folder.Wrong(part, "must hold a .txt file for each review, but holds none");
        }
    }

    /// <summary>Reads the reviews as ids of words, from Keras's file, and gives the same as keras.datasets.imdb.load_data with its defaults but for the order, which stays the file's.</summary>
    /// <param name="path">imdb.npz, or a folder that holds it; null for the folder in COURSEKIT_DATA. Default: null.</param>
    /// <param name="vocabularySize">Ids are below this, at least 4; rarer words become <see cref="UnknownId"/>. Null: all words. Default: null. (Keras's num_words.)</param>
    /// <returns>Each review as <see cref="StartId"/> and then an id for each word, the rank of its frequency plus <see cref="FirstWordId"/>; label 1 is favourable.</returns>
    /// <exception cref="DataException">The file is not there, or is not such a file; the message says what was expected where, and how to get it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">vocabularySize is below 4.</exception>
    /// <remarks>The file holds Python objects. Only lists of numbers are read; a file that asks for anything else is refused, and nothing in it is ever run.</remarks>
    public static (ImdbIds Train, ImdbIds Test) LoadIds(string? path = null, int? vocabularySize = null)
    {
        if (vocabularySize <= FirstWordId)
            throw new ArgumentOutOfRangeException(nameof(vocabularySize), $"Imdb.LoadIds: vocabularySize must be at least {FirstWordId + 1}, but got {vocabularySize}.");
        var file = s_ids.Find(path);
        var bytes = TextFile.ReadBytes(file);
        try
        {
            using var zip = new ZipArchive(new MemoryStream(bytes, writable: false));
            return (Part("train"), Part("test"));

            ImdbIds Part(string name)
            {
                var (lists, labels) = (NpyReader.Lists(zip, $"x_{name}.npy", StartId, Id), NpyReader.Numbers(zip, $"y_{name}.npy"));
                if (lists.Length != labels.Length || labels.Any(label => label is not (0 or 1)))
                    throw new DataException($"must have a label 0 or 1 for each of the {lists.Length} reviews of x_{name}.npy");
                return new(lists, [.. labels.Select(label => (int)label)]);
            }
        }
        catch (InvalidDataException e)
        {
            throw new DataException($"{s_ids.Wrong(file, "is no zip file as NumPy writes it").Message} ({e.Message})", e);
        }
        catch (DataException e)
        {
            throw new DataException(s_ids.Wrong(file, e.Message).Message, e);
        }

        int Id(int rank) => rank <= int.MaxValue - FirstWordId && (vocabularySize is not { } size || rank + FirstWordId < size) ? rank + FirstWordId : UnknownId;
    }
}

/// <summary>Reviews as text.</summary>
/// <param name="Texts">The reviews, with their marks of HTML.</param>
/// <param name="Labels">1 for a favourable one, 0 for another; as many.</param>
public sealed record ImdbReviews(IReadOnlyList<string> Texts, IReadOnlyList<int> Labels);

/// <summary>Reviews as ids of words.</summary>
/// <param name="Ids">The reviews.</param>
/// <param name="Labels">1 for a favourable one, 0 for another; as many.</param>
public sealed record ImdbIds(IReadOnlyList<int[]> Ids, IReadOnlyList<int> Labels);
