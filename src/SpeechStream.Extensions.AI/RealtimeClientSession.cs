using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace SpeechStream.Extensions.AI;

/// <summary>One live transcription.</summary>
[SuppressMessage("Design", "CA2213", Justification = "A sender may wait for its turn while the session is disposed of; without a wait handle there is nothing to dispose of.")]
internal sealed class RealtimeClientSession(TranscriptionSession session, RealtimeSessionOptions? options, TranscriptionOptions settings) : IRealtimeClientSession
{
    // The pipe takes one writer at a time, while messages may be sent from anywhere.
    private readonly SemaphoreSlim _writing = new(1);

    // The newest sentence, and its text as the deltas have given it.
    private (int Index, string Text) _given = (0, "");

    public RealtimeSessionOptions? Options => options;

    public required ChatClientMetadata Metadata { get; init; }

    public async Task SendAsync(RealtimeClientMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            switch (message)
            {
                case InputAudioBufferAppendRealtimeClientMessage append:
                    InputAudio.Require(append.Content.MediaType, "The content", settings);
                    var written = await session.Audio.WriteAsync(append.Content.Data, cancellationToken).ConfigureAwait(false);
                    if (written.IsCompleted)
                    {
                        throw new InvalidOperationException("The audio was ended by a commit, or the session is over. A session has one commit: create another for more audio.");
                    }

                    break;
                case InputAudioBufferCommitRealtimeClientMessage:
                    await session.Audio.CompleteAsync().ConfigureAwait(false);
                    break;
                default:
                    throw new NotSupportedException($"{message.GetType().Name} means nothing to a transcription. Append audio, and commit at its end.");
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    public async IAsyncEnumerable<RealtimeServerMessage> GetStreamingResponseAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var transcriptionEvent in session.Events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var message = ToMessage(transcriptionEvent);
            message.RawRepresentation = transcriptionEvent;
            yield return message;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(TranscriptionSession) ? session
            : serviceType == typeof(ChatClientMetadata) ? Metadata
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();

    private RealtimeServerMessage ToMessage(TranscriptionEvent transcriptionEvent) => transcriptionEvent switch
    {
        TranscriptionResultChanged interim when Growth(interim) is { Length: > 0 } growth =>
            Transcribed(RealtimeServerMessageType.InputAudioTranscriptionDelta, interim.Index, growth),
        SentenceEnd final => Transcribed(RealtimeServerMessageType.InputAudioTranscriptionCompleted, final.Index, final.Text),
        _ when EventError.Of(transcriptionEvent) is { } error => new ErrorRealtimeServerMessage { Error = error },
        _ => new() { Type = RealtimeServerMessageType.RawContentOnly },
    };

    // Consumers append deltas and can't take one back. So a stable text that shrank, or says something else, gives none until it continues what was
    // given, and the completed item has the right text. Neither does a sentence that is older than the newest, since what was given of it isn't kept.
    private string Growth(TranscriptionResultChanged interim)
    {
        var given = interim.Index > _given.Index ? "" : _given.Text;
        if (interim.Index < _given.Index || !interim.StableText.StartsWith(given, StringComparison.Ordinal))
        {
            return "";
        }

        _given = (interim.Index, interim.StableText);
        return interim.StableText[given.Length..];
    }

    private static InputAudioTranscriptionRealtimeServerMessage Transcribed(RealtimeServerMessageType type, int index, string text) => new(type)
    {
        ItemId = index.ToString(CultureInfo.InvariantCulture),
        Transcription = text,
    };
}
