namespace CourseKit.Training;

/// <summary>The wish to stop what is running: Ctrl-C at a terminal, the stop button in a notebook. Training and sampling look at it between steps.</summary>
public static class Interrupt
{
    private static CancellationTokenSource source = new();

    /// <summary>Is cancelled once <see cref="Request"/> is called.</summary>
    public static CancellationToken Token => Volatile.Read(ref source).Token;

    /// <summary>Asks what is running to stop: it throws <see cref="OperationCanceledException"/> before its next step. May be called from any thread.</summary>
    public static void Request() => Volatile.Read(ref source).Cancel();

    /// <summary>Takes the request back, so that the next training runs.</summary>
    public static void Reset() => Volatile.Write(ref source, new CancellationTokenSource());
}
