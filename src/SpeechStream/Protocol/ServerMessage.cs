using System.Text.Json;

namespace SpeechStream.Protocol;

/// <summary>One message of the service. A connection reads each message into the same instance, but the values of its properties may be kept.</summary>
/// <remarks>All times count from the first sample that was sent on this connection.</remarks>
internal sealed class ServerMessage
{
    public ServerEvent Event { get; set; } = ServerEvent.Other;

    /// <summary>The name that the service gives the event; only for <see cref="ServerEvent.Other"/>.</summary>
    public string Name { get; set; } = "";

    /// <summary>The exception for the reason why the service gave up the task; only for <see cref="ServerEvent.TaskFailed"/>.</summary>
    public SpeechStreamException? Failure { get; set; }

    /// <summary>Whether the failure says only that no speech was recognized. After the end of the audio this is a graceful end.</summary>
    public bool IsSilence { get; set; }

    /// <summary>How much audio of the task the service has charged for so far; null when it doesn't say.</summary>
    public TimeSpan? BilledAudio { get; set; }

    public string? SessionId { get; set; }

    /// <summary>The number of the sentence in its task. Both services count from 1.</summary>
    public int Index
    {
        get => GivenIndex.GetValueOrDefault();
        set => GivenIndex = value;
    }

    public TimeSpan Time
    {
        get => GivenTime.GetValueOrDefault();
        set => GivenTime = value;
    }

    public TimeSpan? BeginTime { get; set; }

    /// <summary>Whether the message is known not to be a final result, however malformed it is. Only DashScope's reader sets it, since NLS's events have names that tell it.</summary>
    public bool IsInterim { get; set; }

    /// <summary>Whether a result also begins its sentence, when no other message did. NLS always sends a message of its own for that.</summary>
    public bool ImpliesBegin { get; set; }

    public string Result
    {
        get => GivenResult ?? "";
        set => GivenResult = value;
    }

    public string FixedResult { get; set; } = "";

    public double? Confidence { get; set; }

    /// <summary>A new array for each message. The caller of the reader may change its elements and keep it.</summary>
    public Word[] Words { get; set; } = [];

    /// <summary>The status of the sentence, which is passed on in the event; 0 when the service gives none.</summary>
    public int SentenceStatus { get; set; }

    /// <summary>Whether the sentence timed out in the service.</summary>
    public bool TimedOut { get; set; }

    public SentenceStash? Stash { get; set; }

    public string? Emotion { get; set; }

    public double? EmotionConfidence { get; set; }

    public string? Gender { get; set; }

    public double? GenderScore { get; set; }

    public string? SentenceId { get; set; }

    public string? AudioExtraInfo { get; set; }

    /// <summary>The whole payload, of kind undefined when there is none; only for <see cref="ServerEvent.Other"/>.</summary>
    public JsonElement Payload { get; set; }

    /// <summary>The value in the message; null when the field is missing.</summary>
    public int? GivenIndex { get; set; }

    /// <inheritdoc cref="GivenIndex"/>
    public TimeSpan? GivenTime { get; set; }

    /// <inheritdoc cref="GivenIndex"/>
    public string? GivenResult { get; set; }

    /// <summary>NLS's name of a field that the event needs and that is missing; null when none is.</summary>
    public string? MissingField => Event switch
    {
        not (ServerEvent.SentenceBegin or ServerEvent.ResultChanged or ServerEvent.SentenceEnd) => null,
        _ when GivenIndex is null => "index",
        _ when GivenTime is null => "time",
        not ServerEvent.SentenceBegin when GivenResult is null => "result",
        _ => null,
    };

    public void Clear()
    {
        Event = ServerEvent.Other;
        Name = "";
        Failure = null;
        IsSilence = IsInterim = false;
        ClearPayload();
    }

    public void ClearPayload()
    {
        SessionId = GivenResult = Emotion = Gender = SentenceId = AudioExtraInfo = null;
        FixedResult = "";
        GivenIndex = null;
        GivenTime = BeginTime = null;
        Confidence = EmotionConfidence = GenderScore = null;
        Words = [];
        SentenceStatus = 0;
        TimedOut = ImpliesBegin = false;
        BilledAudio = null;
        Stash = null;
        Payload = default;
    }
}
