using System.IO.Compression;
using System.Text;
using CourseKit.Data;
using CourseKit.Data.Loaders;

namespace CourseKit.Tests.Data;

public sealed class ImdbTests : IDisposable
{
    // Written by NumPy 1.24 and its pickle in protocols 2, 3 and 4: x_train [[1, 14, 22, 300, 70000], [5], []], y_train [1, 0, 1], x_test [[2, 3], [88000, 4]], y_test [0, 1].
    private const string Protocol2 = "UEsDBBQAAAAIAL0wdV2dzrZY/gAAAF4BAAALAAAAeF90cmFpbi5ucHmljEtLw0AUhWdSW+uo1dbHOrtECAFxI27cuejQVAJCXIQwmYxYSCe5k4kQrOCm1q79wTox/gPP4j7OPff7Ch5m948YvaBXJxMVV86N7azmjmc7T4XSismkUJlo7TuWV8L41TMrhdndK+/Cs9/s/4i8W1zWy7LxeaGEv6xzvWBKsYYkSvBCVlrVXBNAXYrIrLsCpmgNFk94kQleESHbgUAvwgihFHaigek50wt5Cf0PGISwu4FhCHsuxbS3BvIHzHRTmr/9yDL5+TUcbD83cBjCyKUdawVHQRBMv41+C73VcJxuYxi7MUxa2oiezzw8LccYiRhOaJ/FcCo0nKX+D1BLAwQUAAAACAC9MHVdorPQS0oAAACYAAAACwAAAHlfdHJhaW4ubnB5m+wX6hsQychQxlCtnpJanFykbqWgbpNpoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaxjqaOgq1ChQALkYGVADjAwBQSwMEFAAAAAgAvTB1XZvX2p76AAAAVwEAAAoAAAB4X3Rlc3QubnB5pUzLTsMwEHTSUsC8Hx+QW4wURYIT4sKNQy1SFAkRDlHkOIuolDpZx6kUUSQupfTMD/Fn4FL+gDnM7s7OzGd0f3v36JApefELaKT2rzx/NvIDz3+qtNFCZZUuYCXfiLIBqzfPogZ7s4vgLPBevf+AvrlStZO6C2WlIZy0pRkLrUVHMw2yUo3RrTQUydpFVbH+osPJHF2ZyaoA2VBQq4ViL3EIITn2k4GdpTBjdY4b7ziIcXOBWzFuM+5wd470r7AwXW1zO4lr/aNL3F1+LHAvxn3G110zPIiiaPht8Uv82uBhvkzxiKV4zLjLe5DiCRt+PTiE9wEMnubhD1BLAwQUAAAACAC9MHVdfmr7yUkAAACQAAAACgAAAHlfdGVzdC5ucHmb7BfqGxDJyFDGUK2eklqcXKRupaBuk2mhrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOpo6CrUKFAAuBihghNIAUEsBAhQDFAAAAAgAvTB1XZ3Otlj+AAAAXgEAAAsAAAAAAAAAAAAAAIABAAAAAHhfdHJhaW4ubnB5UEsBAhQDFAAAAAgAvTB1XaKz0EtKAAAAmAAAAAsAAAAAAAAAAAAAAIABJwEAAHlfdHJhaW4ubnB5UEsBAhQDFAAAAAgAvTB1XZvX2p76AAAAVwEAAAoAAAAAAAAAAAAAAIABmgEAAHhfdGVzdC5ucHlQSwECFAMUAAAACAC9MHVdfmr7yUkAAACQAAAACgAAAAAAAAAAAAAAgAG8AgAAeV90ZXN0Lm5weVBLBQYAAAAABAAEAOIAAAAtAwAAAAA=";
    private const string Protocol3 = "UEsDBBQAAAAIAL0wdV08GrmS5AAAADYBAAALAAAAeF90cmFpbi5ucHmb7BfqGxDJyFDGUK2eklqcXKRupaBe46+uo6Cell9UUpSYF59flJIKEnZLzClOBYoXZyQWpAL5GsY6mjoKtQqUAK4G5uS80tyCSr3k/KJUvdzSnJLMxKKixEqu+KLU5Py84pKi0uQSrkIGiCquvBSIbCGjN0NrIZMzY1Ihc3shS1Ahq4Y3ozdzayEbVGFKSWVBKlchewQTAwODv0UhR2dHeyFnUCGXhjdzBCNQrKaQ28/Pz+s/EIAJb/uSQp6kzthCXo3YQj6QaXzeYr46jF4FgowMqbGF/N6sibGFAqklhYJJegBQSwMEFAAAAAgAvTB1XaKz0EtKAAAAmAAAAAsAAAB5X3RyYWluLm5weZvsF+obEMnIUMZQrZ6SWpxcpG6loG6TaaGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6mjoKtQoUAC5GBlQA4wMAUEsDBBQAAAAIAL0wdV0Zf5YS3wAAAC8BAAAKAAAAeF90ZXN0Lm5weZvsF+obEMnIUMZQrZ6SWpxcpG6loF7jr66joJ6WX1RSlJgXn1+UkgoSdkvMKU4FihdnJBakAvkaRjqaOgq1CpQArgbm5LzS3IJKveT8olS93NKckszEoqLESq74otTk/LzikqLS5BKuQgaIKq68FIhsIaM3Q2shkzNjUiFzeyFLUCGrhjejN1NrIRtUYUpJZUEqVyF7BBMDA4O/RSFHZ0d7IWdQIZeGN3MEI1CsppDbz8/P6z8QgAlv+5JCnqTO2EJejdhCPg1vJm/m1NhCfg2vA+GMDN4sqaklhQJJegBQSwMEFAAAAAgAvTB1XX5q+8lJAAAAkAAAAAoAAAB5X3Rlc3QubnB5m+wX6hsQychQxlCtnpJanFykbqWgbpNpoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjqaOgq1ChQALgYoYITSAFBLAQIUAxQAAAAIAL0wdV08GrmS5AAAADYBAAALAAAAAAAAAAAAAACAAQAAAAB4X3RyYWluLm5weVBLAQIUAxQAAAAIAL0wdV2is9BLSgAAAJgAAAALAAAAAAAAAAAAAACAAQ0BAAB5X3RyYWluLm5weVBLAQIUAxQAAAAIAL0wdV0Zf5YS3wAAAC8BAAAKAAAAAAAAAAAAAACAAYABAAB4X3Rlc3QubnB5UEsBAhQDFAAAAAgAvTB1XX5q+8lJAAAAkAAAAAoAAAAAAAAAAAAAAIABhwIAAHlfdGVzdC5ucHlQSwUGAAAAAAQABADiAAAA+AIAAAAA";
    private const string Protocol4 = "UEsDBBQAAAAIAL0wdV2aCVeL2AAAAC0BAAALAAAAeF90cmFpbi5ucHmb7BfqGxDJyFDGUK2eklqcXKRupaBe46+uo6Cell9UUpSYF59flJIKEnZLzClOBYoXZyQWpAL5GsY6mjoKtQqUAK4GlqmLGCCgRzSvNLegUi85vyhVL7c0pyQzsagosXJKD098UWpyfl5xSVFpcsmUyVN6WMEKp/Sw56VAlEye4s3QOsWZMWlK+5SgKRrejN7MrVMymHtYU0oqC1JBWpj8LaZ0dkBkmXsYa6b4+fl5/QcCMOFtXzIlqTN2ikYsWDOft5ivDqNXgSAjQ2rsFG/WxNgpqUAFegBQSwMEFAAAAAgAvTB1XaKz0EtKAAAAmAAAAAsAAAB5X3RyYWluLm5weZvsF+obEMnIUMZQrZ6SWpxcpG6loG6TaaGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6mjoKtQoUAC5GBlQA4wMAUEsDBBQAAAAIAL0wdV2FWb5n0gAAACcBAAAKAAAAeF90ZXN0Lm5weZvsF+obEMnIUMZQrZ6SWpxcpG6loF7jr66joJ6WX1RSlJgXn1+UkgoSdkvMKU4FihdnJBakAvkaRjqaOgq1CpQArgaWqXMYIKBHNK80t6BSLzm/KFUvtzSnJDOxqCixckoPT3xRanJ+XnFJUWlyyZTJU3pYwQqn9LDnpUCUTJ7izdA6xZkxaUr7lKApGt6M3kytUzKYe1hTSioLUkFamPwtpnR2QGSZexhrpvj5+Xn9BwIw4W1fMiWpM3aKBhB5M3kzpwJprwPhjAzeLKmpQCk9AFBLAwQUAAAACAC9MHVdfmr7yUkAAACQAAAACgAAAHlfdGVzdC5ucHmb7BfqGxDJyFDGUK2eklqcXKRupaBuk2mhrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOpo6CrUKFAAuBihghNIAUEsBAhQDFAAAAAgAvTB1XZoJV4vYAAAALQEAAAsAAAAAAAAAAAAAAIABAAAAAHhfdHJhaW4ubnB5UEsBAhQDFAAAAAgAvTB1XaKz0EtKAAAAmAAAAAsAAAAAAAAAAAAAAIABAQEAAHlfdHJhaW4ubnB5UEsBAhQDFAAAAAgAvTB1XYVZvmfSAAAAJwEAAAoAAAAAAAAAAAAAAIABdAEAAHhfdGVzdC5ucHlQSwECFAMUAAAACAC9MHVdfmr7yUkAAACQAAAACgAAAAAAAAAAAAAAgAFuAgAAeV90ZXN0Lm5weVBLBQYAAAAABAAEAOIAAADfAgAAAAA=";

    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-imdb-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(Protocol2)]
    [InlineData(Protocol3)]
    [InlineData(Protocol4)]
    public void LoadIds_EachProtocol_GivesKerasIds(string file)
    {
        var (train, test) = Imdb.LoadIds(Write(Convert.FromBase64String(file)));
        Assert.Equal([[1, 4, 17, 25, 303, 70003], [1, 8], [1]], train.Ids);
        Assert.Equal([1, 0, 1], train.Labels);
        Assert.Equal([[1, 5, 6], [1, 88003, 7]], test.Ids);
        Assert.Equal([0, 1], test.Labels);
    }

    [Fact]
    public void LoadIds_SmallVocabulary_GivesRareWordsTheUnknownId()
    {
        Write(Convert.FromBase64String(Protocol2));
        var (train, _) = Imdb.LoadIds(folder, vocabularySize: 25);
        Assert.Equal([[1, 4, 17, 2, 2, 2], [1, 8], [1]], train.Ids);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Imdb.LoadIds(folder, vocabularySize: 3));
        Assert.StartsWith("Imdb.LoadIds: vocabularySize must be at least 4, but got 3.", error.Message);
    }

    [Theory]
    [InlineData("cos\nsystem\n(U\u0004echotR.", "names the function 'os.system', which an array of lists of numbers does not need")]
    [InlineData("cnumpy\nload\n.", "names the function 'numpy.load', which an array of lists of numbers does not need")]
    [InlineData("\u0080\u0004\u008c\u0008builtins\u008c\u0004eval\u0093.", "names the function 'builtins.eval', which an array of lists of numbers does not need")]
    [InlineData("c_codecs\nencode\n)R.", "calls a function that an array of lists of numbers does not need")]
    [InlineData("}.", "has the instruction 0x7D, which arrays of lists of numbers do not need")]
    [InlineData("]q\u0005.", "remembers in place 5 after 0")]
    [InlineData("h\u0000.", "recalls place 0 of 0")]
    [InlineData("B\u00ff\u00ff\u00ff\u007f.", "is cut off")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ff.", "has a negative length")]
    [InlineData("].", "is no array of objects")]
    [InlineData("a.", "appends to what is no list")]
    [InlineData("e.", "has no mark where one is needed")]
    [InlineData("\u0087.", "takes more from its stack than lies there")]
    [InlineData("", "is cut off")]
    public void LoadIds_HostilePickle_IsRefused(string pickle, string what)
    {
        var file = Write(Zip(("x_train.npy", Npy("|O", 1, Encoding.Latin1.GetBytes(pickle)))));
        var error = Assert.Throws<DataException>(() => Imdb.LoadIds(file));
        Assert.Equal($"Imdb: '{file}' {what}. Get it from https://storage.googleapis.com/tensorflow/tf-keras-datasets/imdb.npz", error.Message);
    }

    [Fact]
    public void LoadIds_EveryByteChangedAndEveryLength_GivesIdsOrADataException()
    {
        var good = new ZipArchive(new MemoryStream(Convert.FromBase64String(Protocol4))).GetEntry("x_train.npy")!;
        using var stream = good.Open();
        var bytes = new byte[good.Length];
        stream.ReadExactly(bytes);
        var refused = 0;
        for (var at = 0; at < bytes.Length; at++)
        {
            foreach (var changed in new[] { (byte)0, (byte)255, (byte)(bytes[at] ^ 1), (byte)']', (byte)'.', (byte)'R' })
                refused += Reads([.. bytes[..at], changed, .. bytes[(at + 1)..]]) ? 0 : 1;
            refused += Reads(bytes[..at]) ? 0 : 1;
        }
        Assert.InRange(refused, bytes.Length, 7 * bytes.Length);

        static bool Reads(byte[] npy)
        {
            try
            {
                using var zip = new ZipArchive(new MemoryStream(Zip(("x.npy", npy))));
                NpyReader.Lists(zip, "x.npy", 1, rank => rank);
                return true;
            }
            catch (DataException)
            {
                return false;
            }
        }
    }

    [Fact]
    public void LoadIds_NotSuchAFile_ThrowsSayingWhat()
    {
        const string Mend = "Get it from https://storage.googleapis.com/tensorflow/tf-keras-datasets/imdb.npz";
        var file = Write("no zip"u8.ToArray());
        Assert.StartsWith($"Imdb: '{file}' is no zip file as NumPy writes it. {Mend} (", Assert.Throws<DataException>(() => Imdb.LoadIds(file)).Message);
        Write(Zip(("other.npy", [])));
        Assert.Equal($"Imdb: '{file}' must hold x_train.npy, which is not among its 1 entries. {Mend}", Assert.Throws<DataException>(() => Imdb.LoadIds(file)).Message);
        Write(Zip(("x_train.npy", "something else"u8.ToArray())));
        Assert.Equal($"Imdb: '{file}' has no NumPy array in x_train.npy. {Mend}", Assert.Throws<DataException>(() => Imdb.LoadIds(file)).Message);
        Write(Zip(("x_train.npy", Npy("<f8", 1, new byte[8]))));
        Assert.Equal($"Imdb: '{file}' has numbers of type '<f8' in x_train.npy, but lists are expected. {Mend}", Assert.Throws<DataException>(() => Imdb.LoadIds(file)).Message);
    }

    [Fact]
    public void LoadText_Folder_GivesFavourableReviewsFirst()
    {
        foreach (var (name, text) in new[] { ("train/pos/0_9.txt", "Lovely."), ("train/pos/1_10.txt", "Great."), ("train/neg/0_2.txt", "Dull."), ("test/pos/0_8.txt", "Fine."), ("test/neg/0_1.txt", "Bad.") })
        {
            var path = Path.Combine(folder, "aclImdb", name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
        foreach (var path in new[] { folder, Path.Combine(folder, "aclImdb") })
        {
            var (train, test) = Imdb.LoadText(path);
            Assert.Equal(["Lovely.", "Great.", "Dull."], train.Texts);
            Assert.Equal([1, 1, 0], train.Labels);
            Assert.Equal(["Fine.", "Bad."], test.Texts);
        }

        File.Delete(Path.Combine(folder, "aclImdb/test/neg/0_1.txt"));
        var error = Assert.Throws<DataException>(() => Imdb.LoadText(folder));
        Assert.Equal($"Imdb: '{Path.Combine(folder, "aclImdb", "test/neg")}' must hold a .txt file for each review, but holds none. Get it from https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz", error.Message);
        Directory.Delete(Path.Combine(folder, "aclImdb/train/neg"), recursive: true);
        error = Assert.Throws<DataException>(() => Imdb.LoadText(folder));
        Assert.StartsWith($"Imdb: expected 'train/neg' in the folder '{Path.Combine(folder, "aclImdb")}', but it is not there.", error.Message);
    }

    private static byte[] Npy(string type, int length, byte[] data)
    {
        var header = Encoding.Latin1.GetBytes($"{{'descr': '{type}', 'fortran_order': False, 'shape': ({length},), }}\n");
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. data];
    }

    private static byte[] Zip(params (string Name, byte[] Bytes)[] entries)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create))
        {
            foreach (var (name, bytes) in entries)
            {
                using var stream = zip.CreateEntry(name).Open();
                stream.Write(bytes);
            }
        }
        return memory.ToArray();
    }

    private string Write(byte[] bytes)
    {
        var path = Path.Combine(folder, "imdb.npz");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
