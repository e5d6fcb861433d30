using System.Reflection;
using SpeechStream.Audio;
using SpeechStream.Protocol;
using SpeechStream.Session;
using SpeechStream.Session.Recording;

namespace SpeechStream;

/// <summary>
/// Records what the sessions of a client and the service say to each other, as a cassette: a file that shows a problem to others, and that a local gateway serves
/// again, so that the problem becomes a test.
/// </summary>
/// <remarks>
/// <para>Tokens, API keys, the app key and the address of the service are masked. Recognized text isn't: it is what is recorded. Audio is recorded only if
/// <see cref="RecordsAudio"/> is set. The page <c>cassettes.md</c> describes the format, which is JSON Lines.</para>
/// <para>Each line is flushed, so that a process that is killed leaves all that happened until then. A recorder ends no session: when the stream can't be written any more, it
/// stops, and <see cref="Failure"/> says why. But sessions wait for the stream, so it should be one that takes lines at once, as a file on a local disk. All members may be used from any thread; one recorder serves one client.</para>
/// </remarks>
/// <example>
/// <code>
/// using var file = File.Create("problem.cassette.jsonl");
/// await using var client = new SpeechStreamClient(new() { AppKey = "…", Credential = SpeechCredential.FromToken("…"), Recorder = new CassetteRecorder(file) });
/// </code>
/// </example>
public sealed class CassetteRecorder
{
    private readonly Lock _lock = new();
    private readonly Stream _stream;
    private TimeProvider? _time;
    private SpeechService _service;
    private long _begun;
    private int _sessions;
    private int _connections;
    private Exception? _failure;

    /// <summary>Makes a recorder.</summary>
    /// <param name="stream">Where the cassette is written to. It isn't disposed, and must stay open as long as the client.</param>
    public CassetteRecorder(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
    }

    /// <summary>Whether the audio is recorded, and not only how much of it was sent when.</summary>
    /// <value>Default false. A minute of audio at 16 kHz takes 2.6 MB.</value>
    public bool RecordsAudio { get; init; }

    /// <summary>Why the recording stopped before its end; null when it didn't.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>Since the cassette was begun.</summary>
    internal TimeSpan Now => _time!.GetElapsedTime(_begun);

    /// <summary>Begins to record another session.</summary>
    /// <exception cref="ArgumentException">The cassette is one of the other service.</exception>
    internal SessionRecording BeginSession(ClientContext client, AudioRate? rate)
    {
        Begin(client.Options);
        var redactor = client.Redactor.Including(client.Options.AppKey);
        if (SpeechEndpoints.NameOf(client.Options.Endpoint) is null)
        {
            // A server may quote its own address, which names a company or a workspace.
            redactor = redactor.Including(client.Options.Endpoint.Host);
        }

        return new(this, redactor, client.Protocol, rate, Interlocked.Increment(ref _sessions));
    }

    internal int NextConnection() => Interlocked.Increment(ref _connections);

    internal void Write(CassetteLine line) => Write(line.ToBytes());

    // The paths of the services are public. Any other may be secret, as the rest of an address.
    private static string PathOf(Uri endpoint) => endpoint.AbsolutePath.TrimEnd('/') is var path
        && (path == SpeechEndpoints.Shanghai.AbsolutePath || path == SpeechEndpoints.ModelStudioBeijing.AbsolutePath) ? path : "/***";

    /// <summary>Writes the head of the cassette, unless an earlier session has done so.</summary>
    private void Begin(SpeechStreamClientOptions options)
    {
        lock (_lock)
        {
            if (_time is not null)
            {
                if (_service != options.Service)
                {
                    throw new ArgumentException($"Recorder has a cassette of {_service} already. Give a client of {options.Service} a recorder of its own.", nameof(options));
                }

                return;
            }

            (_time, _service, _begun) = (options.TimeProvider, options.Service, options.TimeProvider.GetTimestamp());
            var name = SpeechEndpoints.NameOf(options.Endpoint);
            var version = typeof(CassetteRecorder).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
            Write(CassetteLine.Head(
                options.Service.ToString().ToLowerInvariant(), PathOf(options.Endpoint), name, $"SpeechStream {version}", options.TimeProvider.GetUtcNow(), RecordsAudio));
        }
    }

    private void Write(ReadOnlyMemory<byte> line)
    {
        lock (_lock)
        {
            if (_failure is not null)
            {
                return;
            }

            try
            {
                _stream.Write(line.Span);
                _stream.Flush();
            }
            catch (Exception exception)
            {
                Volatile.Write(ref _failure, exception);
            }
        }
    }
}
