using System.Net.WebSockets;
using SpeechStream.Protocol;

namespace SpeechStream.Session.Connecting;

/// <summary>What a session does after a lost connection.</summary>
internal enum Recovery
{
    /// <summary>The session ends with the cause.</summary>
    GiveUp,

    /// <summary>It uses up one attempt, and reconnects after a growing delay.</summary>
    RetryAfterDelay,

    /// <summary>It uses up one attempt, reconnects after a growing delay, and doesn't send faster than the send rate any more.</summary>
    RetrySlower,

    /// <summary>It reconnects at once, because nothing was wrong with the connection or because the pipeline of the user decides about delays.</summary>
    RetryAtOnce,

    /// <summary>It reconnects when there is something to send. This uses up no attempt.</summary>
    WaitForAudio,

    /// <summary>It requests another token, and reconnects at once if there is one.</summary>
    RenewToken,
}

/// <summary>What is known about a connection that was lost.</summary>
internal readonly record struct LostConnection
{
    /// <summary>The time from the handshake to the loss.</summary>
    public TimeSpan Life { get; init; }

    /// <summary>Whether it brought at least one new final result.</summary>
    public bool BroughtFinal { get; init; }

    /// <summary>Whether its service listened to silence for so long that the silence was acknowledged.</summary>
    public bool HeardSilence { get; init; }

    /// <summary>Whether its task said something about a sentence.</summary>
    public bool HasSentence { get; init; }

    /// <summary>Whether there was audio that wasn't sent yet.</summary>
    public bool HasUnsent { get; init; }

    /// <summary>Whether the caller had ended the audio.</summary>
    public bool IsAudioOver { get; init; }

    /// <summary>Whether sending was paused because the consumer reads too slowly.</summary>
    public bool IsConsumerBehind { get; init; }

    /// <summary>Whether delayed audio was sent faster than the send rate.</summary>
    public bool CatchesUp { get; init; }

    /// <summary>Whether audio was sent that can't be replayed, because its format is compressed.</summary>
    public bool SentUnrepeatable { get; init; }
}

/// <summary>Decides what a session does after the loss of a task that had started. What follows a failed attempt to connect, <see cref="ConnectPolicy"/> decides.</summary>
internal static class RecoveryRules
{
    private static readonly TimeSpan ProvenLife = TimeSpan.FromSeconds(30);

    // The service waits for audio for 10 s before it ends a task as idle (PROTOCOL 5.1). When it does so much earlier, it is overloaded, which uses up an attempt.
    private static readonly TimeSpan ShortestIdle = TimeSpan.FromSeconds(5);

    /// <summary>Whether the connection brought the session forward, so that all attempts are available again.</summary>
    public static bool IsProgress(in LostConnection lost) => lost.BroughtFinal || lost.HeardSilence || lost.Life >= ProvenLife;

    /// <summary>Whether the service ended the task because it heard no speech. Then nothing is wrong with the connection.</summary>
    public static bool IsEndWithoutSpeech(SpeechStreamException cause, in LostConnection lost) => IsIdleEnd(cause, lost) && !lost.HasSentence;

    /// <param name="cause">Why the connection was lost.</param>
    /// <param name="lost">What is known about it.</param>
    /// <param name="budget">The attempts that are left, after any progress of this connection was counted.</param>
    /// <param name="hasOwnRetry">False when the pipeline of the user decides about attempts and delays.</param>
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

        if (cause.Retry == Retry.TooFast && lost.CatchesUp && budget.HasAttempt)
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
