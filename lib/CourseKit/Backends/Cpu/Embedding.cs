using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>Looking rows up in a table, and adding their gradients back.</summary>
internal static unsafe class Embedding
{
    // weight [V, size], ids [rows], y [rows, size]: y[row] = weight[ids[row]].
    internal static void Forward(CpuDevice device, float* weight, ReadOnlySpan<int> ids, float* y, int size)
    {
        fixed (int* id = ids)
        {
            var kernel = new ForwardKernel { Weight = weight, Ids = id, Y = y, Rows = ids.Length, Size = size };
            device.Run(ref kernel, (long)ids.Length * size, Elementwise.Worthwhile);
        }
    }

    // dY [rows, size], ids [rows], dWeight [V, size]: dWeight[ids[row]] += dY[row].
    internal static void Backward(CpuDevice device, float* dY, ReadOnlySpan<int> ids, float* dWeight, int size)
    {
        fixed (int* id = ids)
        {
            var kernel = new BackwardKernel { DY = dY, Ids = id, DWeight = dWeight, Rows = ids.Length, Size = size };
            device.Run(ref kernel, (long)ids.Length * size, Elementwise.Worthwhile);
        }
    }

    private struct ForwardKernel : IKernel
    {
        public float* Weight, Y;
        public int* Ids;
        public int Rows, Size;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (from, to) = part.Of(Rows);
            for (var row = from; row < to; row++)
                Unsafe.CopyBlockUnaligned(Y + ((long)row * Size), Weight + ((long)Ids[row] * Size), (uint)Size * sizeof(float));
        }
    }

    // Parts own columns: an id that occurs twice is added in the order of rows.
    private struct BackwardKernel : IKernel
    {
        public float* DY, DWeight;
        public int* Ids;
        public int Rows, Size;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (from, to) = part.Of(Size);
            for (var row = 0; row < Rows; row++)
            {
                float* d = DY + ((long)row * Size), w = DWeight + ((long)Ids[row] * Size);
                for (var j = from; j < to; j += S.Width)
                    VectorMath.Store<S, V>(S.Add(VectorMath.Load<S, V>(w + j, to - j), VectorMath.Load<S, V>(d + j, to - j)), w + j, to - j);
            }
        }
    }
}
