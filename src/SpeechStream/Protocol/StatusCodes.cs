namespace SpeechStream.Protocol;

/// <summary>What the service's status codes mean for the next attempt, and for the reader of a message.</summary>
internal static class StatusCodes
{
    /// <summary>Nothing was said in the whole task. After the stop it is a good end.</summary>
    public const int SilentSpeech = 40270002;

    /// <summary>The service ran out of time, on a sentence or on the task.</summary>
    public const int SentenceTimedOut = 51040104;

    private const int TokenRefused = 40000001;

    public static Retry RetryOf(int status) => status switch
    {
        TokenRefused => Retry.Token,
        40000005 or 43040001 => Retry.Quota,
        40000004 or 41010120 or 41040201 => Retry.Idle,
        >= 50000000 and <= 59999999 => Retry.Yes,
        _ => Retry.No,
    };

    /// <param name="status">The service's status code.</param>
    /// <param name="statusText">Its explanation, without secrets.</param>
    /// <param name="taskId">The task that failed.</param>
    public static SpeechStreamException ToException(int status, string statusText, string taskId)
    {
        var said = statusText.Length == 0 ? "" : $" ({statusText})";
        var message = $"The service gave up task {taskId} with status {status}{said}. {Advice(status)}";
        return status == TokenRefused
            ? new SpeechAuthenticationException(message) { StatusCode = status, TaskId = taskId }
            : new SpeechServiceException(message)
            {
                StatusCode = status,
                StatusText = statusText,
                TaskId = taskId,
                IsTransient = RetryOf(status) is Retry.Yes or Retry.Quota or Retry.Idle,
            };
    }

    private static string Advice(int status) => status switch
    {
        TokenRefused => "Check that the token is current and belongs to the app key's account and region.",
        40000002 or 40010001 or 40010005 or 41040204 => "The messages came in an order or form that it doesn't take. Check AdditionalParameters and the endpoint.",
        40000003 or 40010003 => "Check AppKey, and the parameters in TranscriptionOptions and AdditionalParameters.",
        40000004 or 41010120 or 41040201 => "It got no audio for 10 s. Send without long pauses, or leave SilenceAfter below 10 s.",
        40000005 or 43040001 => "Too many tasks of the account run at once. Close sessions, set MaxConcurrentSessions, or raise the quota in the vendor's console.",
        40000009 or 40270003 or 41010100 or 41040203 => "The audio isn't what Format says. Check Format, and that the audio is mono and 16-bit.",
        40000010 => "The free trial has ended, or a bill is due. Change to the commercial version in the vendor's console.",
        40010004 => "The connection was closed before the task was complete. Stop the session before it is disposed.",
        40020105 or 41000002 => "Check AppKey in the vendor's console.",
        40020106 or 41000003 => "AppKey and token belong to different accounts or regions. Take both from one.",
        SilentSpeech or 41010105 => "Nothing was understood in the audio. Check the microphone, Format and SampleRate.",
        41010101 or 41050008 => "Set SampleRate to that of the audio, and choose a model for it (8000 or 16000) in the project of the app key.",
        41010104 => "A sentence was too long. Lower MaxSentenceSilence, or set EnableMultiThresholdMode.",
        41040202 => "Audio came too fast. Leave SendRate and CatchUpRate near 1.",
        41040205 => "Set MaxSentenceSilence to between 200 and 2000 ms, which older models take at most.",
        >= 50000000 and <= 59999999 => "The fault is the service's. Try again later.",
        _ => "Look the code up in the vendor's API reference.",
    };
}
