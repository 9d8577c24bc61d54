using CourseKit.Tensors;
using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests.Tensors;

public class ShapeTests
{
    [Fact]
    public void ToString_AnyRank_ListsTheSizes()
    {
        Assert.Equal("[4, 20, 6]", new Shape(4, 20, 6).ToString());
        Assert.Equal("[]", Shape.Scalar.ToString());
        Assert.Equal("[]", default(Shape).ToString());
    }

    [Fact]
    public void Length_NoDimensions_IsOne()
    {
        Assert.Equal(1, Shape.Scalar.Length);
        Assert.Equal(1, new Shape(ReadOnlySpan<int>.Empty).Length);
        Assert.Equal(0, new Shape(3, 0, 2).Length);
    }

    [Fact]
    public void Equals_SameSizes_IsEqualInEveryWay()
    {
        var (one, other) = (new Shape(2, 3), (Shape)new[] { 2, 3 });
        Assert.True(one == other);
        Assert.False(one != other);
        Assert.True(one.Equals((object)other));
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(one, new Shape(3, 2));
        Assert.NotEqual(one, new Shape(2, 3, 1));
        Assert.Equal(Shape.Scalar, new Shape(ReadOnlySpan<int>.Empty));
    }

    [Fact]
    public void WithLast_OtherSize_KeepsTheRest()
    {
        Assert.Equal(new Shape(4, 20, 9), new Shape(4, 20, 6).WithLast(9));
        Assert.Equal(new Shape(4, 20), new Shape(4, 20, 6).WithoutLast());
        Assert.Equal(20, new Shape(4, 20, 6)[^2]);
    }

    [Fact]
    public void Constructor_NegativeSize_Throws() =>
        Assert.Equal("Shape: every size must be at least 0, but got [4, -1].", Assert.Throws<ShapeException>(() => new Shape(4, -1)).Message);

    [Fact]
    public void Constructor_TooManyNumbers_Throws() =>
        Assert.Equal("Shape: a tensor holds at most 2147483647 numbers, but [65536, 65536] has more.",
            Assert.Throws<ShapeException>(() => new Shape(65536, 65536)).Message);

    [Fact]
    public void Last_NoDimensions_Throws()
    {
        Assert.Equal("Shape: [] has no last dimension.", Assert.Throws<ShapeException>(() => Shape.Scalar.Last).Message);
        Assert.Throws<ShapeException>(() => Shape.Scalar.WithLast(3));
    }

    [Fact]
    public void AsMatrix_NotTwoDimensions_Throws() =>
        Assert.Equal("Shape: a matrix has two dimensions, but got [4].", Assert.Throws<ShapeException>(() => new Shape(4).AsMatrix()).Message);

    [Fact]
    public void IndicesAt_EveryOffset_IsTheInverseOfOffset() =>
        Prop.ForAll(Gen.Choose(1, 5).ArrayOf(3).ToArbitrary(), sizes =>
        {
            var shape = new Shape(sizes);
            for (var offset = 0; offset < shape.Length; offset++)
            {
                int[] indices = [.. shape.IndicesAt(offset).Split(", ").Select(int.Parse)];
                Assert.Equal(offset, shape.Offset(indices));
            }
        }).QuickCheckThrowOnFailure();
}
