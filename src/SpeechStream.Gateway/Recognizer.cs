using SpeechStream.Gateway.Recognizers;
using SpeechStream.Gateway.Recognizers.Decoding;
using SpeechStream.Gateway.Recognizers.Digest;
using SpeechStream.Gateway.Recognizers.Replay;
using SpeechStream.Gateway.Recognizers.Say;
using SpeechStream.Gateway.Recognizers.Script;

namespace SpeechStream.Gateway;

/// <summary>What a <see cref="LocalGateway"/> turns audio into sentences with. One instance may serve several gateways.</summary>
public abstract class Recognizer
{
    private protected Recognizer()
    {
    }

    /// <summary>Sentences whose text is a hash of exactly the audio they cover, so that a lost, repeated or reordered byte shows.</summary>
    /// <remarks>A sentence is 2 s long, or shorter when a run of zero samples of at least <c>max_sentence_silence</c> ends it or the
    /// task stops. Zeros between sentences and at the end belong to no sentence, so inserted silence changes no text. Compressed
    /// formats are cut every 64,000 bytes. <see cref="DigestOf"/> tells what to expect.</remarks>
    public static Recognizer Digest { get; } = new DigestRecognizer();

    /// <summary>Words of any decoder: the gateway finds the sentences, and the decoder understands them.</summary>
    /// <param name="create">Makes the decoder of a task. One is made ahead, also while the gateway starts, which fails with what this throws.</param>
    /// <param name="maxTasks">How many tasks run at once. One more fails like one above <see cref="LocalGatewayOptions.MaxConcurrentTasks"/>. At least 1.</param>
    /// <returns>The recognizer, which takes PCM, WAV and Opus.</returns>
    public static Recognizer FromDecoder(Func<SpeechDecoder> create, int maxTasks = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTasks, 1);
        return new DecoderRecognizer(create, maxTasks);
    }

    /// <summary>Says these sentences whatever it hears, for tests of what an application does with words.</summary>
    /// <remarks>
    /// A sentence lasts 2 s of audio, with an interim result after each word but the last for a task that asked for them. When the task is
    /// stopped, the sentences that are left share the rest of the audio: all of them come, however short the audio is. What is heard after the
    /// last sentence says nothing. Each task begins with the first sentence, also the one that takes over from a lost connection: for lost
    /// connections use <see cref="Digest"/>. Spaces separate words.
    /// </remarks>
    /// <param name="sentences">The texts of the final results, in order; none for a service that understands nothing.</param>
    /// <returns>The recognizer.</returns>
    public static Recognizer Say(params string[] sentences)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        foreach (var sentence in sentences)
        {
            ArgumentNullException.ThrowIfNull(sentence, nameof(sentences));
        }

        return new SayRecognizer([.. sentences]);
    }

    /// <summary>Events and faults as a script says, connection by connection; the README of the gateway describes the format.</summary>
    /// <param name="script">The script's JSON, or the path of a file that holds it.</param>
    /// <returns>The recognizer.</returns>
    /// <exception cref="FormatException">It is no script.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static Recognizer Script(string script)
    {
        ArgumentNullException.ThrowIfNull(script);
        var text = script.TrimStart('\uFEFF');
        return new ScriptRecognizer(ScriptDocument.Parse(IsJson(text.AsSpan().TrimStart()) ? text : File.ReadAllText(script)));
    }

    /// <summary>Tells a script from a path: it begins with its brace, or has one behind a comment.</summary>
    private static bool IsJson(ReadOnlySpan<char> text) => text is ['{', ..] || (text is ['/', '/' or '*', ..] && text.Contains('{'));

    /// <summary>What the service said when a cassette was recorded, connection by connection, and in place of the gateway's own answers.</summary>
    /// <remarks>
    /// The n-th handshake gets the n-th connection of the cassette, and after the last one the first again. Each message comes when the client has started,
    /// stopped and sent audio as far as the recorded client had before it, and as long after that as the recorded one came; a client that stops earlier gets
    /// the rest then. Ids of tasks are the client's. Refused handshakes and lost connections are those of the cassette. The client's messages aren't checked.
    /// </remarks>
    /// <param name="cassette">The cassette.</param>
    /// <param name="speed">How fast the service answers: 2 halves the recorded delays, and <see cref="double.PositiveInfinity"/> leaves them out. More than 0.</param>
    /// <returns>The recognizer. Only the service of the cassette is served.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="speed"/> isn't more than 0.</exception>
    public static Recognizer Replay(Cassette cassette, double speed = 1)
    {
        ArgumentNullException.ThrowIfNull(cassette);
        return speed > 0 ? new ReplayRecognizer(cassette, speed) : throw new ArgumentOutOfRangeException(nameof(speed), speed, "speed must be more than 0.");
    }

    /// <summary>The sentences <see cref="Digest"/> finds in a whole PCM recording, however it is cut into messages.</summary>
    /// <param name="audio">16-bit mono samples, little-endian, without a header. A last half sample is ignored.</param>
    /// <param name="sampleRate">Samples a second: 8000 or 16000, over DashScope any multiple of 1000 up to 48000.</param>
    /// <param name="maxSentenceSilence">The task's <c>max_sentence_silence</c> in ms.</param>
    /// <returns>The sentences, in order.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sampleRate"/> is none that a task can have.</exception>
    public static IReadOnlyList<DigestSentence> DigestOf(ReadOnlySpan<byte> audio, int sampleRate = 16000, int maxSentenceSilence = 800)
    {
        if (sampleRate is < 8000 or > 48_000 || sampleRate % 1000 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(sampleRate), sampleRate, "sampleRate must be a multiple of 1000 from 8000 to 48000.");
        }

        var segmenter = new DigestSegmenter(sampleRate, opaque: false, interim: false) { MaxSentenceSilence = maxSentenceSilence };
        segmenter.Write(audio);
        segmenter.Complete();
        return [.. segmenter.TakeEvents()
            .Where(e => e.Kind == DigestEventKind.End)
            .Select(e => new DigestSentence(TimeSpan.FromMilliseconds(e.BeginTime), TimeSpan.FromMilliseconds(e.Time), e.Text))];
    }

    /// <summary>Whether a message counts as sent only when the system has it, so that the end of the connection can't overtake it.</summary>
    internal virtual bool WritesThrough => false;

    /// <summary>Loads what the recognizer needs; the result lives as long as one gateway.</summary>
    internal abstract ValueTask<RecognitionEngine> OpenAsync(TimeProvider timeProvider, CancellationToken cancellationToken);
}
