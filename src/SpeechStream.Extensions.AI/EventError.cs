using Microsoft.Extensions.AI;

namespace SpeechStream.Extensions.AI;

/// <summary>What went wrong, in the events that tell of something that did.</summary>
internal static class EventError
{
    public static ErrorContent? Of(TranscriptionEvent transcriptionEvent) => transcriptionEvent switch
    {
        Reconnecting { Cause: var cause } => new(cause.Message) { ErrorCode = cause.GetType().Name },
        AudioGap gap => new($"No text will cover the audio from {gap.From} to {gap.To}.") { ErrorCode = nameof(AudioGap) },
        TaskFailed failed => new(failed.StatusText) { ErrorCode = failed.ErrorCode ?? $"{failed.StatusCode}" },
        _ => null,
    };
}
