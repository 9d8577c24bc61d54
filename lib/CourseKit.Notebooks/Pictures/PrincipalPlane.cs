using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Notebooks;

/// <summary>The plane through points in many dimensions that keeps most of their variance.</summary>
/// <remarks>Principal component analysis: Pearson, On Lines and Planes of Closest Fit to Systems of Points in Space, 1901; by the singular values of the centred points.</remarks>
/// <param name="Points">Where each point falls, along the first and along the second component.</param>
/// <param name="Shares">Which part of the variance the first and the second component keep; 0 when there is no variance.</param>
internal sealed record PrincipalPlane((double X, double Y)[] Points, (double First, double Second) Shares)
{
    /// <summary>Finds it.</summary>
    /// <param name="points">Finite numbers, [points][dimensions].</param>
    public static PrincipalPlane Of(double[][] points)
    {
        var (rows, size) = (points.Length, points[0].Length);
        var mean = Enumerable.Range(0, size).Select(j => points.Average(point => point[j])).ToArray();
        var centred = Matrix<double>.Build.Dense(rows, size, (i, j) => points[i][j] - mean[j]);
        // The short side decides the cost, and the components of the transpose are the same.
        var svd = (rows >= size ? centred : centred.Transpose()).Svd();
        var components = rows >= size ? svd.VT : svd.U.Transpose();
        var total = svd.S.PointwisePower(2).Sum();
        return new([.. Along(0).Zip(Along(1))], (Share(0), Share(1)));

        // Below 1e-12 of the first, a singular value is rounding.
        double Share(int k) => k < svd.S.Count && svd.S[k] > 1e-12 * svd.S[0] ? svd.S[k] * svd.S[k] / total : 0;

        double[] Along(int k)
        {
            if (Share(k) == 0)
                return new double[rows];
            var component = components.Row(k);
            // A component and its opposite are equally good: the one whose largest entry is positive is taken.
            var sign = component[component.AbsoluteMaximumIndex()] < 0 ? -1 : 1;
            return [.. (centred * component * sign)];
        }
    }
}
