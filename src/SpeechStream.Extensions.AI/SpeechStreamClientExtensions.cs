using System.Diagnostics.CodeAnalysis;
using SpeechStream;
using SpeechStream.Extensions.AI;

namespace Microsoft.Extensions.AI;

/// <summary>Gives a <see cref="SpeechStreamClient"/> the shape of Microsoft.Extensions.AI.</summary>
[Experimental("MEAI001")]
public static class SpeechStreamClientExtensions
{
    /// <summary>An <see cref="ISpeechToTextClient"/> over this client. Disposing it leaves the client as it is, and the audio's stream is never disposed.</summary>
    /// <remarks>
    /// <para>Streaming gives a <see cref="SpeechToTextResponseUpdateKind.TextUpdated"/> for each sentence, with its times and its final text. These updates
    /// can be put together, by <c>ToSpeechToTextResponse</c> too: sentences are separated by a space, except in scripts that are written without spaces.</para>
    /// <para>With <see cref="SpeechStream.TranscriptionOptions.EnableIntermediateResult"/>, which is off by default, each interim result is a
    /// <see cref="SpeechToTextResponseUpdateKind.TextUpdating"/> that has the whole text of its sentence so far and replaces the one before. Leave these out before
    /// updates are put together, or their text is repeated; <see cref="ISpeechToTextClient.GetTextAsync"/> leaves them out itself.</para>
    /// <para>Every event of the session is an update's <see cref="SpeechToTextResponseUpdate.RawRepresentation"/>. A reconnect and an <see cref="AudioGap"/> are
    /// <see cref="SpeechToTextResponseUpdateKind.Error"/>, and the stream goes on. The last update has the usage: <c>audio_milliseconds</c>, the place in
    /// the audio where the last sentence ended. What the service charges for is <see cref="SessionSummary.AudioSent"/>, with silence and replays.</para>
    /// <para>Of <see cref="SpeechToTextOptions"/> the sample rate and the model are taken, and <see cref="SpeechToTextOptions.AdditionalProperties"/> become parameters of the
    /// service, as <see cref="SpeechStream.TranscriptionOptions.AdditionalParameters"/> do. Its <see cref="SpeechToTextOptions.RawRepresentationFactory"/> may return
    /// <see cref="SpeechStream.TranscriptionOptions"/>. The speech language is a hint to DashScope, and with NLS it is refused with <see cref="NotSupportedException"/>, since the app key decides it. So is a text language,
    /// since neither service translates.
    /// Other errors are those of <see cref="TranscriptionSession.Events"/>.</para>
    /// </remarks>
    /// <param name="client">The client.</param>
    /// <param name="defaults">Settings of each transcription, unless a call brings its own; null for <see cref="SpeechStreamClient.SessionDefaults"/>.</param>
    /// <returns>The adapter. It is thread-safe, as the client is.</returns>
    /// <example>
    /// <code>
    /// services.AddSpeechStream(configuration.GetSection("SpeechStream"));
    /// services.AddSpeechToTextClient(provider => provider.GetRequiredService&lt;SpeechStreamClient>().AsSpeechToTextClient());
    /// </code>
    /// </example>
    public static ISpeechToTextClient AsSpeechToTextClient(this SpeechStreamClient client, SpeechStream.TranscriptionOptions? defaults = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return new SpeechToTextClient(client, defaults);
    }

    /// <summary>An <see cref="IRealtimeClient"/> over this client, for sessions of kind <see cref="RealtimeSessionKind.Transcription"/>. Disposing it leaves the client as it is.</summary>
    /// <remarks>
    /// <para>Append audio (<c>audio/pcm</c>, 16-bit and mono, at the session's sample rate, unless the settings have another format; other content is refused with <see cref="NotSupportedException"/>), and commit once, at its end: what is left is then sent, and the responses end after the last sentence.
    /// Sending waits while more than 2 s of audio are unsent. Other messages are refused with <see cref="NotSupportedException"/>, and so
    /// are a language with NLS, where the app key decides it, and a prompt, since the service takes none.</para>
    /// <para>The id of an item is the number of its sentence. Deltas are the growth of <see cref="TranscriptionResultChanged.StableText"/>. They can be
    /// appended, and none is repeated or taken back. When the service contradicts them, there are no more until it agrees again. A completed item has the
    /// whole text, which may differ from its deltas: show it in their place. Reconnects and gaps are errors after which the session goes on;
    /// other events are raw content. What ends the session is thrown by the responses.</para>
    /// </remarks>
    /// <param name="client">The client.</param>
    /// <param name="defaults">
    /// Settings of each session, unless a call brings its own; null for <see cref="SpeechStreamClient.SessionDefaults"/> with
    /// <see cref="SpeechStream.TranscriptionOptions.EnableIntermediateResult"/>, since deltas come of interim results.
    /// </param>
    /// <returns>The adapter. It is thread-safe, as the client is.</returns>
    public static IRealtimeClient AsRealtimeClient(this SpeechStreamClient client, SpeechStream.TranscriptionOptions? defaults = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return new RealtimeClient(client, defaults);
    }
}
