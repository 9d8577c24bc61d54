using CourseKit.Backends;
using CourseKit.Backends.Cpu;

namespace CourseKit.Tests.Backends;

public class CpuAllocationTests
{
    [Fact]
    public void TrainingStep_AfterTheFirst_AllocatesNoManagedMemory()
    {
        const int B = 4, T = 5, I = 7, H = 33, V = 11, Rows = B * T;
        var backend = new CpuBackend(1);
        Storage New(int length)
        {
            var storage = backend.Rent(length);
            backend.Fill(storage, 0.01f);
            return storage;
        }

        Storage x = New(Rows * I), y = New(Rows * H), h = New(B * H), c = New(B * H), wIh = New(4 * H * I), wHh = New(4 * H * H), bias = New(4 * H);
        Storage dY = New(Rows * H), dX = New(Rows * I), dIh = New(wIh.Length), dHh = New(wHh.Length), dBias = New(4 * H);
        Storage decoder = New(V * H), logits = New(Rows * V), dLogits = New(Rows * V), moment = New(wHh.Length), square = New(wHh.Length);
        var s = new RecurrentSequence { B = B, T = T, I = I, H = H, X = x, WeightIh = wIh, WeightHh = wHh, BiasIh = bias, BiasHh = bias };
        var d = new RecurrentGradients { DY = dY, DX = dX, DWeightIh = dIh, DWeightHh = dHh, DBiasIh = dBias, DBiasHh = dBias };
        var kept = New(backend.LstmReserve(s));
        var masked = s with { Mask = New(Rows), HiddenDropout = New(B * H), HiddenZoneout = New(Rows * H), CellZoneout = New(Rows * H) };
        var keptMasked = New(backend.LstmReserve(masked));
        var formed = masked with
        {
            LstmForm = new LstmForm
            {
                Peephole = New(3 * H),
                Projection = New(H * H),
                ProjectionSize = H,
                CellBelow = New(Rows * H),
                DepthWeightIh = New(H * I),
                DepthFromCell = New(H),
                DepthFromBelow = New(H),
                NormGainIh = New(4 * H),
                NormGainHh = New(4 * H),
                NormGainCell = New(H),
                NormBiasCell = New(H),
                Cells = New(Rows * H),
            },
        };
        var dFormed = d with { LstmForm = new LstmFormGradients { DPeephole = New(3 * H), DProjection = New(H * H), DCellBelow = New(Rows * H), DDepthWeightIh = New(H * I), DDepthFromCell = New(H), DDepthFromBelow = New(H), DNormGainIh = New(4 * H) } };
        var keptFormed = New(backend.LstmReserve(formed));
        int[] ids = [.. Enumerable.Range(0, Rows).Select(i => i % V)];
        double[] weights = [.. ids.Select(_ => 1.0 / Rows)];

        void Step()
        {
            backend.LstmForward(s, y, h, c, kept);
            backend.Linear(y, decoder, null, logits, Rows, H, V);
            backend.CrossEntropy(logits, new ClassTargets { Classes = ids, Weights = weights }, null, dLogits, Rows, V);
            backend.MatMul(dLogits, decoder, dY, Rows, H, V, false, false, false);
            backend.LstmBackward(s, y, kept, d);
            backend.LstmForward(masked, y, h, c, keptMasked);
            backend.LstmBackward(masked, y, keptMasked, d);
            backend.LstmForward(formed, y, h, c, keptFormed);
            backend.LstmBackward(formed, y, keptFormed, dFormed);
            backend.Scale(dHh, (float)(1 / Math.Sqrt(backend.SumOfSquares(dHh) + 1)), dHh);
            backend.AdamStep(wHh, dHh, moment, square, 1e-3f, 0.9f, 0.999f, 1e-8f, 0, false, 1);
        }

        Step();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++) Step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void SimpleRnnAndEveryFormOfTheGru_AfterTheFirstCall_AllocateNoManagedMemory()
    {
        const int B = 4, T = 5, I = 7, H = 33, Rows = B * T;
        var backend = new CpuBackend(1);
        Storage New(int length)
        {
            var storage = backend.Rent(length);
            backend.Fill(storage, 0.01f);
            return storage;
        }

        Storage x = New(Rows * I), y = New(Rows * H), h = New(B * H), wIh = New(3 * H * I), wHh = New(3 * H * H), bias = New(3 * H);
        var plain = new RecurrentSequence { B = B, T = T, I = I, H = H, X = x, WeightIh = wIh, WeightHh = wHh, BiasIh = bias, BiasHh = bias };
        RecurrentSequence[] sequences = [plain, plain with { Mask = New(Rows), HiddenDropout = New(B * H), HiddenZoneout = New(Rows * H) }];
        var d = new RecurrentGradients { DY = New(Rows * H), DX = New(Rows * I), DWeightIh = New(3 * H * I), DWeightHh = New(3 * H * H), DBiasIh = New(3 * H), DBiasHh = New(3 * H), DStates = New(Rows * H) };
        var kept = New(backend.GruReserve(GruForm.ResetAfter, sequences[1]));
        var forms = Enum.GetValues<GruForm>();

        void Step()
        {
            foreach (var s in sequences)
            {
                backend.SimpleRnnForward(Activation.Tanh, s, y, h, kept);
                backend.SimpleRnnBackward(Activation.Tanh, s, y, kept, d);
                foreach (var form in forms)
                {
                    backend.GruForward(form, s, y, h, kept);
                    backend.GruBackward(form, s, y, kept, d);
                    backend.GruForward(form, s, y, h, null);
                }
            }
        }

        Step();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++) Step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void MeasureGflops_OneThread_IsAPlausibleRate()
    {
        Assert.InRange(CpuBackend.MeasureGflops(1), 0.05, 10_000);
        Assert.Throws<ArgumentOutOfRangeException>(() => CpuBackend.MeasureGflops(-1));
    }

    [Fact]
    public void Name_OfABackend_SaysInstructionsAndThreads()
    {
        Assert.Equal("CPU, no vectors, 1 thread", new CpuBackend(1, InstructionSet.Scalar).Name);
        Assert.Equal("CPU, portable, 3 threads", new CpuBackend(3, InstructionSet.Portable).Name);
        Assert.Equal("CPU, AVX2, 2 threads", new CpuBackend(2, InstructionSet.Avx2).Name);
        Assert.Equal("CPU, AVX-512, 2 threads", new CpuBackend(2, InstructionSet.Avx512).Name);
        Assert.Equal(Environment.ProcessorCount, CpuBackend.Default.Threads);
    }
}
