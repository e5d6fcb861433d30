using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace SpeechStream.Cli.Output;

/// <summary>The properties of every event. They are found at compile time, because reflection doesn't find them in a program that is trimmed or compiled ahead of time.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(AudioGap))]
[JsonSerializable(typeof(ChannelClosed))]
[JsonSerializable(typeof(Reconnected))]
[JsonSerializable(typeof(Reconnecting))]
[JsonSerializable(typeof(SentenceBegin))]
[JsonSerializable(typeof(SentenceEnd))]
[JsonSerializable(typeof(ServiceEvent))]
[JsonSerializable(typeof(TaskFailed))]
[JsonSerializable(typeof(TranscriptionCompleted))]
[JsonSerializable(typeof(TranscriptionResultChanged))]
[JsonSerializable(typeof(TranscriptionStarted))]
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The generator lists the properties of exceptions, too. They are never read: a converter writes only the message.")]
internal sealed partial class EventJson : JsonSerializerContext;
