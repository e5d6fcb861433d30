using System.Net.WebSockets;
using SpeechStream.Protocol;

namespace SpeechStream.Session.Connecting;

/// <summary>What a session does after a lost connection.</summary>
internal enum Recovery
{
    /// <summary>The session ends with the cause.</summary>
    GiveUp,

    /// <summary>It uses up an attempt, and connects again after a growing delay.</summary>
    RetryAfterDelay,

    /// <summary>The same, and from now on sends nothing faster than at the send rate.</summary>
    RetrySlower,

    /// <summary>It connects again at once: nothing was wrong with the connection, or the user's own pipeline decides about delays.</summary>
    RetryAtOnce,

    /// <summary>It connects again when there is something to send; that costs no attempt.</summary>
    WaitForAudio,

    /// <summary>It asks for another token, and connects again at once if there is one.</summary>
    RenewToken,
}

/// <summary>What is known of a connection that was lost.</summary>
internal readonly record struct LostConnection
{
    /// <summary>From the handshake to the loss.</summary>
    public TimeSpan Life { get; init; }

    /// <summary>It brought at least one new final.</summary>
    public bool BroughtFinal { get; init; }

    /// <summary>Its service listened to silence for so long that it counts as done with.</summary>
    public bool HeardSilence { get; init; }

    /// <summary>Its task said something about a sentence.</summary>
    public bool HasSentence { get; init; }

    /// <summary>Audio was there that wasn't sent.</summary>
    public bool HasUnsent { get; init; }

    /// <summary>The caller had ended the audio.</summary>
    public bool IsAudioOver { get; init; }

    /// <summary>Sending was paused, since the consumer reads too slowly.</summary>
    public bool IsConsumerBehind { get; init; }

    /// <summary>Held-back audio was sent faster than at the send rate.</summary>
    public bool IsHurried { get; init; }

    /// <summary>Audio was sent that can't be sent again, since its format has no offsets.</summary>
    public bool SentUnrepeatable { get; init; }
}

/// <summary>Decides what a session does after a lost connection. Nothing else decides that.</summary>
internal static class RecoveryRules
{
    private static readonly TimeSpan ProvenLife = TimeSpan.FromSeconds(30);

    // A service that misses audio waits for it for 10 s and more (PROTOCOL 5.1); what it calls idle sooner is another failure.
    private static readonly TimeSpan ShortestIdle = TimeSpan.FromSeconds(5);

    /// <summary>The connection got the session further, so that all attempts are given back.</summary>
    public static bool IsProgress(in LostConnection lost) => lost.BroughtFinal || lost.HeardSilence || lost.Life >= ProvenLife;

    /// <summary>The service ended a task to which nobody spoke: nothing is wrong with the connection.</summary>
    public static bool IsWantOfSpeech(SpeechStreamException cause, in LostConnection lost) => IsIdleEnd(cause, lost) && !lost.HasSentence;

    /// <param name="cause">Why the connection was lost.</param>
    /// <param name="lost">What it did.</param>
    /// <param name="budget">What is left, with the progress of this connection in it.</param>
    /// <param name="hasOwnRetry">False when the user's own pipeline decides about attempts and delays.</param>
    public static Recovery Decide(SpeechStreamException cause, in LostConnection lost, RetryBudget budget, bool hasOwnRetry)
    {
        if (lost.SentUnrepeatable || budget.ForbidsReconnecting)
        {
            return Recovery.GiveUp;
        }

        if (cause.Retry == Retry.Token)
        {
            return budget.HasRenewedToken ? Recovery.GiveUp : Recovery.RenewToken;
        }

        if (cause.Retry == Retry.TooFast && lost.IsHurried && budget.HasAttempt)
        {
            return Recovery.RetrySlower;
        }

        if (!cause.IsTransient)
        {
            return Recovery.GiveUp;
        }

        if (IsIdleEnd(cause, lost))
        {
            if (lost.IsConsumerBehind || (!lost.HasUnsent && !lost.IsAudioOver))
            {
                return Recovery.WaitForAudio;
            }

            if (!lost.HasSentence && !lost.IsAudioOver)
            {
                return Recovery.RetryAtOnce;
            }
        }

        return !hasOwnRetry ? Recovery.RetryAtOnce : budget.HasAttempt ? Recovery.RetryAfterDelay : Recovery.GiveUp;
    }

    private static bool IsIdleEnd(SpeechStreamException cause, in LostConnection lost) =>
        lost.Life >= ShortestIdle
        && (cause.Retry == Retry.Idle
            || (!lost.HasSentence && cause is SpeechConnectionException { CloseStatus: WebSocketCloseStatus.NormalClosure or WebSocketCloseStatus.EndpointUnavailable }));
}
