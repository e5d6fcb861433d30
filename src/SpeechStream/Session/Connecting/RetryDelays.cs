using SpeechStream.Protocol;

namespace SpeechStream.Session.Connecting;

/// <summary>Computes how long to wait before the next attempt. Delays double with each failure until there is progress.</summary>
/// <param name="options">The client's options.</param>
/// <param name="random">Provides the jitter, from 0 up to but not including 1.</param>
internal sealed class RetryDelays(SpeechStreamClientOptions options, Func<double> random)
{
    // Jitter spreads the sessions that lost the same server over time. It is less than a third, so that no delay is shorter than the one before.
    private const double Jitter = 0.2;
    private const int MostDoublings = 30;

    // The task that has just ended may still count in the quota of the account (PROTOCOL 8), so a sooner attempt would be refused again.
    private static readonly TimeSpan ShortestQuotaDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(1);

    /// <param name="failure">The failure before the next attempt.</param>
    /// <param name="spent">How many attempts were used up since the last progress.</param>
    public TimeSpan After(SpeechStreamException failure, int spent) => failure switch
    {
        { Retry: Retry.Quota } => WaitForQuota(spent),
        { RetryAfter: { } wait } when wait > TimeSpan.Zero => wait < LongestRetryAfter ? wait : LongestRetryAfter,
        _ => Doubled(spent),
    };

    private TimeSpan WaitForQuota(int spent)
    {
        var delay = ShortestQuotaDelay * (1 << Math.Min(spent, 3)) * (1 + (random() / 2));
        var longest = options.MaxReconnectDelay > ShortestQuotaDelay ? options.MaxReconnectDelay : ShortestQuotaDelay;
        return delay < longest ? delay : longest;
    }

    private TimeSpan Doubled(int spent)
    {
        var ticks = options.ReconnectDelay.Ticks * Math.Pow(2, Math.Min(spent, MostDoublings)) * (1 - Jitter + (2 * Jitter * random()));
        return ticks < options.MaxReconnectDelay.Ticks ? new TimeSpan((long)ticks) : options.MaxReconnectDelay;
    }
}
