using System.Text.Json;

namespace SpeechStream.Protocol;

/// <summary>One message of the service. A connection has one instance and reads each message into it; what it hands out may be kept.</summary>
/// <remarks>All times are the task's: from the first sample that was sent on this connection.</remarks>
internal sealed class ServerMessage
{
    public ServerEvent Event { get; set; } = ServerEvent.Other;

    /// <summary>The service's name of the event; only for <see cref="ServerEvent.Other"/>.</summary>
    public string Name { get; set; } = "";

    /// <summary>Why the service gave up the task, as it is to be thrown; only for <see cref="ServerEvent.TaskFailed"/>.</summary>
    public SpeechStreamException? Failure { get; set; }

    /// <summary>The failure says only that nothing was understood in the audio: once the audio is over, that is a good end.</summary>
    public bool IsSilence { get; set; }

    public string? SessionId { get; set; }

    /// <summary>Number of the sentence in its task, as the service counts: NLS counts from 1.</summary>
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

    public string Result
    {
        get => GivenResult ?? "";
        set => GivenResult = value;
    }

    public string FixedResult { get; set; } = "";

    public double? Confidence { get; set; }

    /// <summary>A fresh array for each message: the reader's caller may change its elements and keep it.</summary>
    public Word[] Words { get; set; } = [];

    /// <summary>The sentence's own status, for the caller to see; 0 where the service has none.</summary>
    public int SentenceStatus { get; set; }

    /// <summary>The service ran out of time on the sentence.</summary>
    public bool TimedOut { get; set; }

    public SentenceStash? Stash { get; set; }

    public string? Emotion { get; set; }

    public double? EmotionConfidence { get; set; }

    public string? Gender { get; set; }

    public double? GenderScore { get; set; }

    public string? SentenceId { get; set; }

    public string? AudioExtraInfo { get; set; }

    /// <summary>The whole payload; only for <see cref="ServerEvent.Other"/>, and undefined when it has none.</summary>
    public JsonElement Payload { get; set; }

    /// <summary>What the message says; null where it says nothing.</summary>
    public int? GivenIndex { get; set; }

    /// <inheritdoc cref="GivenIndex"/>
    public TimeSpan? GivenTime { get; set; }

    /// <inheritdoc cref="GivenIndex"/>
    public string? GivenResult { get; set; }

    /// <summary>A field that the event can't do without and doesn't have; null when it is complete.</summary>
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
        IsSilence = false;
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
        TimedOut = false;
        Stash = null;
        Payload = default;
    }
}
