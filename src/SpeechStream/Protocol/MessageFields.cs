using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace SpeechStream.Protocol;

/// <summary>Where the messages of a service have what the reader needs. Both services put it into a header and a payload.</summary>
internal sealed class MessageFields
{
    private readonly (byte[] Name, ServerEvent Event)[] _events;

    /// <param name="name">The field of the header that names the event.</param>
    /// <param name="events">The names of the events. The most frequent one comes first, since they are compared in this order.</param>
    /// <param name="header">The other fields of the header, except for <c>task_id</c>.</param>
    public MessageFields(string name, (string Name, ServerEvent Event)[] events, (string Name, FieldReader<Envelope> Read)[] header)
    {
        _events = Array.ConvertAll(events, known => (Encoding.UTF8.GetBytes(known.Name), known.Event));
        (string, FieldReader<Envelope>)[] identity = [(name, ReadName), ("task_id", ReadTaskId)];
        var (all, identifying) = (new JsonFields<Envelope>([.. identity, .. header]), new JsonFields<Envelope>(identity));
        Whole = new(
            ("header", (ref reader, ref envelope) => ReadHeader(ref reader, ref envelope, all)),
            ("payload", ReadPayload));
        Identifying = new(("header", (ref reader, ref envelope) => ReadHeader(ref reader, ref envelope, identifying)));
    }

    /// <summary>Reads a message.</summary>
    public JsonFields<Envelope> Whole { get; }

    /// <summary>Reads only the task and the name of a message. They contain no text that could be malformed itself, except the name of an unknown event.</summary>
    public JsonFields<Envelope> Identifying { get; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReadHeader(ref Utf8JsonReader reader, ref Envelope envelope, JsonFields<Envelope> fields)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            fields.Read(ref reader, ref envelope);
            envelope.Outcome = envelope.Outcome == MessageOutcome.Unreadable ? MessageOutcome.Ours : envelope.Outcome;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReadPayload(ref Utf8JsonReader reader, ref Envelope envelope)
    {
        envelope.Message.ClearPayload();
        var (start, isNull) = ((int)reader.TokenStartIndex, reader.TokenType == JsonTokenType.Null);
        envelope.Owner.ReadPayload(ref reader, envelope.Message);
        envelope.Payload = isNull ? null : start..(int)reader.BytesConsumed;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReadTaskId(ref Utf8JsonReader reader, ref Envelope envelope) =>
        envelope.Outcome = reader.TokenType != JsonTokenType.String || reader.ValueSpan.IsEmpty || reader.ValueTextEquals(envelope.TaskId)
            ? MessageOutcome.Ours
            : MessageOutcome.OtherTask;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadName(ref Utf8JsonReader reader, ref Envelope envelope)
    {
        (envelope.Message.Event, envelope.Message.Name) = (ServerEvent.Other, "");
        if (reader.TokenType != JsonTokenType.String)
        {
            return;
        }

        foreach (var (name, known) in _events)
        {
            if (reader.ValueTextEquals(name))
            {
                envelope.Message.Event = known;
                return;
            }
        }

        envelope.Message.Name = reader.GetString()!;
    }
}
