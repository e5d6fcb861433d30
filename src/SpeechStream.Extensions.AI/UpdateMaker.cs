using Microsoft.Extensions.AI;

namespace SpeechStream.Extensions.AI;

/// <summary>Makes an update of each event of one session.</summary>
internal sealed class UpdateMaker
{
    private string? _responseId;
    private char? _lastCharacter;
    private TimeSpan _end;

    public SpeechToTextResponseUpdate Make(TranscriptionEvent transcriptionEvent)
    {
        var update = transcriptionEvent switch
        {
            TranscriptionStarted started => Started(started),
            TranscriptionResultChanged interim => new(interim.Text) { Kind = SpeechToTextResponseUpdateKind.TextUpdating, EndTime = interim.Time },
            SentenceEnd final => Final(final),
            ChannelClosed => Closed(),
            _ when EventError.Of(transcriptionEvent) is { } error => new() { Kind = SpeechToTextResponseUpdateKind.Error, Contents = [error] },
            _ => new() { Kind = new(transcriptionEvent.GetType().Name) },
        };
        update.ResponseId = _responseId;
        update.RawRepresentation = transcriptionEvent;
        return update;
    }

    private SpeechToTextResponseUpdate Started(TranscriptionStarted started)
    {
        // The task's id changes with each connection; a response has one id.
        _responseId = started.SessionId ?? started.TaskId;
        return new() { Kind = SpeechToTextResponseUpdateKind.SessionOpen };
    }

    private SpeechToTextResponseUpdate Final(SentenceEnd final)
    {
        _end = final.Time;
        var update = new SpeechToTextResponseUpdate { Kind = SpeechToTextResponseUpdateKind.TextUpdated, StartTime = final.BeginTime, EndTime = final.Time };
        if (final.Text.Length > 0)
        {
            update.Contents = [new TextContent(NeedsSpace(_lastCharacter, final.Text[0]) ? " " + final.Text : final.Text)];
            _lastCharacter = final.Text[^1];
        }

        return update;
    }

    private SpeechToTextResponseUpdate Closed() => new()
    {
        Kind = SpeechToTextResponseUpdateKind.SessionClose,
        Contents = [new UsageContent(new() { AdditionalCounts = new() { ["audio_milliseconds"] = (long)_end.TotalMilliseconds } })],
    };

    private static bool NeedsSpace(char? before, char after) =>
        before is { } last && !char.IsWhiteSpace(last) && !char.IsWhiteSpace(after) && IsSpaced(last) && IsSpaced(after);

    // Chinese and Japanese, and their punctuation, stand without spaces; Korean, further up, has them.
    private static bool IsSpaced(char character) => character is < '\u2E80' or (>= '\uAC00' and <= '\uD7FF');
}
