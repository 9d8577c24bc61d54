using System.Text;
using CourseKit.Data;
using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests.Data;

public class VocabularyTests
{
    [Fact]
    public void OfCharacters_Text_SortsByCodePointAndDropsRepeats()
    {
        var vocabulary = Vocabulary.OfCharacters("banana\nBan😀é");

        Assert.Equal(["\n", "B", "a", "b", "n", "é", "😀"], vocabulary.Symbols);
        Assert.Equal(7, vocabulary.Count);
        Assert.Equal(6, vocabulary.IndexOf("😀"));
        Assert.Equal(-1, vocabulary.IndexOf("z"));
    }

    [Fact]
    public void EncodeThenDecode_AnyWellFormedText_GivesItBack() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), any =>
        {
            // Half surrogate pairs become U+FFFD; two characters are always there.
            var text = "ab" + Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(any.Get)) + "😀";
            var vocabulary = Vocabulary.OfCharacters(text);
            var ids = vocabulary.Encode(text);
            return vocabulary.Decode(ids) == text && ids.Length == text.EnumerateRunes().Count() && ids.Distinct().Count() == vocabulary.Count;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void OfSymbols_Words_KeepsTheirOrderAndEncodesThem()
    {
        var vocabulary = Vocabulary.OfSymbols(["the", "cat", "sat"]);

        Assert.Equal([1, 2, 0], vocabulary.Encode(["cat", "sat", "the"]));
        Assert.Equal("catthe", vocabulary.Decode(1, 0));
    }

    [Fact]
    public void Encode_UnknownCharacter_ThrowsNamingItAndWhere()
    {
        var error = Assert.Throws<DataException>(() => Vocabulary.OfCharacters("abc").Encode("abxc"));
        Assert.Equal("Vocabulary: the text has 'x' at index 2, which is not among the 3 symbols. Remove it, or build the vocabulary from a text that has it.", error.Message);
    }

    [Fact]
    public void Encode_UnknownTab_ThrowsWithAVisibleName()
    {
        var error = Assert.Throws<DataException>(() => Vocabulary.OfCharacters("abc").Encode("a\tb"));
        Assert.StartsWith("Vocabulary: the text has '\\t' at index 1,", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_UnknownWord_ThrowsNamingItAndWhere()
    {
        var error = Assert.Throws<DataException>(() => Vocabulary.OfSymbols(["the", "cat"]).Encode(["cat", "dog"]));
        Assert.StartsWith("Vocabulary: the sequence has 'dog' at index 1, which is not among the 2 symbols.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Vocabulary: there must be at least 2 different symbols, but there are none. Give a text that is not empty.")]
    [InlineData("aaaa", "Vocabulary: there must be at least 2 different symbols, but there is only 'a'. With one symbol there is nothing to predict.")]
    [InlineData("\n\n", "Vocabulary: there must be at least 2 different symbols, but there is only '\\n'. With one symbol there is nothing to predict.")]
    public void OfCharacters_TooFewDifferent_Throws(string text, string message)
    {
        Assert.Equal(message, Assert.Throws<DataException>(() => Vocabulary.OfCharacters(text)).Message);
    }

    [Fact]
    public void OfCharacters_HalfSurrogatePair_ThrowsNamingWhere()
    {
        var error = Assert.Throws<DataException>(() => Vocabulary.OfCharacters("ab\ud83d"));
        Assert.Equal("Vocabulary: the text has half of a surrogate pair (U+D83D) at index 2. Give well-formed Unicode text.", error.Message);
    }

    [Fact]
    public void OfSymbols_Repeated_ThrowsNamingBothPlaces()
    {
        var error = Assert.Throws<DataException>(() => Vocabulary.OfSymbols(["a", "b", "a"]));
        Assert.Equal("Vocabulary: the symbol 'a' comes twice, as 0 and 2. Every symbol must differ.", error.Message);
    }

    [Fact]
    public void OfSymbols_Empty_ThrowsNamingWhere()
    {
        var error = Assert.Throws<DataException>(() => Vocabulary.OfSymbols(["a", ""]));
        Assert.Equal("Vocabulary: symbol 1 is empty. Every symbol must have at least one character.", error.Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void Decode_UnknownId_ThrowsNamingTheRange(int id)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Vocabulary.OfCharacters("abc").Decode(0, id));
        Assert.StartsWith($"Vocabulary: id {id} is not among the 3 symbols (0..2).", error.Message, StringComparison.Ordinal);
    }
}
