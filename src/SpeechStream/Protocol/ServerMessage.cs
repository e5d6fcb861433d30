using System.Text.Json;

namespace SpeechStream.Protocol;

/// <summary>One message of the service. A connection has one instance and reads each message into it; what it hands out may be kept.</summary>
/// <remarks>All times are the task's: from the first sample that was sent on this connection.</remarks>
internal sealed class ServerMessage
{
    public ServerEvent Event { get; set; } = ServerEvent.Other;

    /// <summary>The service's name of the event; only for <see cref="ServerEvent.Other"/>.</summary>
    public string Name { get; set; } = "";

    /// <summary>Status in the header; 0 when there is none.</summary>
    public int Status { get; set; }

    /// <summary>Explanation of <see cref="Status"/>, with secrets replaced by <c>***</c>.</summary>
    public string StatusText { get; set; } = "";

    public string? SessionId { get; set; }

    /// <summary>Number of the sentence in its task, from 1.</summary>
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

    /// <summary>The sentence's own status; 0 and 20000000 are good.</summary>
    public int SentenceStatus { get; set; }

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
        Name = StatusText = "";
        Status = 0;
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
        Stash = null;
        Payload = default;
    }
}
