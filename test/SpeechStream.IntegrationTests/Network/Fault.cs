namespace SpeechStream.IntegrationTests.Network;

/// <summary>What a network does to a connection.</summary>
public enum Fault
{
    Latency,
    Throttle,
    Cut,
    Reset,
    BlackHole,
    HalfCloseUp,
    HalfCloseDown,

    /// <summary>A reset, and then no new connection.</summary>
    Refuse,
}

internal static class FaultData
{
    public static TheoryData<Fault> All => [.. Enum.GetValues<Fault>()];

    /// <summary>A connection doesn't survive it.</summary>
    public static bool IsFatal(this Fault fault) => fault is not (Fault.Latency or Fault.Throttle);

    public static void Inflict(this FaultProxy proxy, Fault fault)
    {
        switch (fault)
        {
            case Fault.Latency:
                proxy.Latency = TimeSpan.FromMilliseconds(20);
                break;
            case Fault.Throttle:
                proxy.Throttle = 500_000;
                break;
            case Fault.Cut:
                proxy.Cut();
                break;
            case Fault.Reset:
                proxy.Reset();
                break;
            case Fault.BlackHole:
                proxy.BlackHole();
                break;
            case Fault.HalfCloseUp:
                proxy.HalfClose(Way.Up);
                break;
            case Fault.HalfCloseDown:
                proxy.HalfClose(Way.Down);
                break;
            case Fault.Refuse:
                proxy.Refuse();
                proxy.Reset();
                break;
        }
    }
}
