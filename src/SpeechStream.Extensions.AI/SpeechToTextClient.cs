using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace SpeechStream.Extensions.AI;

/// <summary>Transcriptions of a client, as Microsoft.Extensions.AI wants them.</summary>
internal sealed class SpeechToTextClient(SpeechStreamClient client, TranscriptionOptions? defaults) : ISpeechToTextClient
{
    // Those of the client may be reloaded.
    private TranscriptionOptions Defaults => defaults ?? client.SessionDefaults;

    public async Task<SpeechToTextResponse> GetTextAsync(Stream audioSpeechStream, SpeechToTextOptions? options = null, CancellationToken cancellationToken = default)
    {
        var updates = new List<SpeechToTextResponseUpdate>();
        await foreach (var update in GetStreamingTextAsync(audioSpeechStream, options, cancellationToken).ConfigureAwait(false))
        {
            // Each has the text of its sentence so far, which would be repeated in the response.
            if (update.Kind != SpeechToTextResponseUpdateKind.TextUpdating)
            {
                updates.Add(update);
            }
        }

        var response = updates.ToSpeechToTextResponse();
        SentenceEnd[] sentences = [.. updates.Select(update => update.RawRepresentation).OfType<SentenceEnd>()];
        response.StartTime = sentences.FirstOrDefault()?.BeginTime;
        response.EndTime = sentences.LastOrDefault()?.Time;
        response.RawRepresentation = sentences;
        return response;
    }

    public async IAsyncEnumerable<SpeechToTextResponseUpdate> GetStreamingTextAsync(
        Stream audioSpeechStream, SpeechToTextOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var updates = new UpdateMaker();
        var transcription = client.TranscribeAsync(audioSpeechStream, ToTranscriptionOptions(options), cancellationToken);
        await foreach (var transcriptionEvent in transcription.ConfigureAwait(false))
        {
            yield return updates.Make(transcriptionEvent);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(SpeechToTextClientMetadata) ? new SpeechToTextClientMetadata(Provider.Name, client.Endpoint, Defaults.Model)
            : serviceType == typeof(SpeechStreamClient) ? client
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    public void Dispose()
    {
        // The client belongs to who made it.
    }

    private TranscriptionOptions ToTranscriptionOptions(SpeechToTextOptions? options)
    {
        if (options is null)
        {
            return Defaults;
        }

        RequestSettings.RefuseTranslation(options.TextLanguage);
        var own = options.RawRepresentationFactory?.Invoke(this) as TranscriptionOptions ?? Defaults;
        return own with
        {
            SampleRate = options.SpeechSampleRate ?? own.SampleRate,
            LanguageHints = RequestSettings.Languages(client, options.SpeechLanguage, own.LanguageHints),
            Model = options.ModelId ?? own.Model,
            AdditionalParameters = RequestSettings.Join(own.AdditionalParameters, options.AdditionalProperties),
        };
    }
}
