using Microsoft.Extensions.AI;

namespace SpeechStream.Extensions.AI;

/// <summary>Live transcriptions of a client, as Microsoft.Extensions.AI wants them.</summary>
internal sealed class RealtimeClient(SpeechStreamClient client, TranscriptionOptions? defaults) : IRealtimeClient
{
    // Those of the client may be reloaded. Deltas come of interim results.
    private TranscriptionOptions Defaults => defaults ?? client.SessionDefaults with { EnableIntermediateResult = true };

    public async Task<IRealtimeClientSession> CreateSessionAsync(RealtimeSessionOptions? options = null, CancellationToken cancellationToken = default)
    {
        var own = ToTranscriptionOptions(options);
        var session = await client.StartSessionAsync(own, cancellationToken).ConfigureAwait(false);
        return new RealtimeClientSession(session, options, own) { Metadata = Provider.Describe(client, Defaults) };
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(SpeechStreamClient) ? client
            : serviceType == typeof(ChatClientMetadata) ? Provider.Describe(client, Defaults)
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    public void Dispose()
    {
        // The client belongs to who made it.
    }

    private TranscriptionOptions ToTranscriptionOptions(RealtimeSessionOptions? options)
    {
        if (options is null)
        {
            return Defaults;
        }

        if (options.SessionKind != RealtimeSessionKind.Transcription)
        {
            throw new NotSupportedException($"SessionKind is {options.SessionKind}. The service transcribes: set RealtimeSessionKind.Transcription.");
        }

        RequestSettings.RefusePrompt(options.TranscriptionOptions?.Prompt);
        var own = options.RawRepresentationFactory?.Invoke() as TranscriptionOptions ?? Defaults;
        own = own with
        {
            SampleRate = options.InputAudioFormat?.SampleRate ?? own.SampleRate,
            LanguageHints = RequestSettings.Languages(client, options.TranscriptionOptions?.SpeechLanguage, own.LanguageHints),
            Model = options.TranscriptionOptions?.ModelId ?? options.Model ?? own.Model,
        };
        if (options.InputAudioFormat is { } format)
        {
            InputAudio.Require(format.MediaType, nameof(options.InputAudioFormat), own);
        }

        return own;
    }
}
