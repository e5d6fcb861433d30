using System.Globalization;
using System.Runtime.Versioning;
using System.Threading.Channels;
using NAudio;
using NAudio.Wave;

namespace SpeechStream.Cli.Live;

/// <summary>A microphone of Windows.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsMicrophone : LiveSource
{
    private const int PieceMilliseconds = 100;

    // Two minutes: more than a session keeps while there is no connection.
    private const int MostPieces = 1200;

    private readonly Channel<ReadOnlyMemory<byte>> _pieces = Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(MostPieces) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly WaveIn _device;
    private readonly CancellationTokenRegistration _interrupted;
    private string? _failure;

    private WindowsMicrophone(int number, int sampleRate, CancellationToken interrupted)
    {
        Name = $"the microphone {WaveIn.GetCapabilities(number).ProductName}";
        _device = new WaveIn { DeviceNumber = number, WaveFormat = new WaveFormat(sampleRate, 16, 1), BufferMilliseconds = PieceMilliseconds };
        _device.DataAvailable += (_, captured) => _pieces.Writer.TryWrite(captured.BufferSpan.ToArray());
        _device.RecordingStopped += (_, stopped) =>
        {
            _failure = stopped.Exception?.Message;
            _pieces.Writer.TryComplete();
        };
        _device.StartRecording();
        _interrupted = interrupted.Register(_device.StopRecording);
    }

    public override string Name { get; }

    public override string? Failure => _failure;

    /// <exception cref="IOException">There is none, or it can't be opened.</exception>
    public static WindowsMicrophone Open(string? device, int sampleRate, CancellationToken interrupted)
    {
        try
        {
            return new WindowsMicrophone(Find(device), sampleRate, interrupted);
        }
        catch (MmException exception)
        {
            throw new IOException($"The microphone can't be opened: {exception.Message}. Check whether Windows lets programs use it.", exception);
        }
    }

    public override IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync() => _pieces.Reader.ReadAllAsync(CancellationToken.None);

    public override async ValueTask DisposeAsync()
    {
        await _interrupted.DisposeAsync().ConfigureAwait(false);
        _device.Dispose();
    }

    private static int Find(string? device)
    {
        List<string> names = [.. Enumerable.Range(0, WaveIn.DeviceCount).Select(number => WaveIn.GetCapabilities(number).ProductName)];
        if (names.Count == 0)
        {
            throw new IOException("There is no microphone. Connect one, or pipe audio in: … | speechstream live");
        }

        var number = device is null ? 0
            : int.TryParse(device, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given
            : names.FindIndex(name => name.Contains(device, StringComparison.OrdinalIgnoreCase));
        return number >= 0 && number < names.Count ? number
            : throw new IOException($"There is no microphone {device}. There are {string.Join(", ", names.Select((name, index) => FormattableString.Invariant($"{index} ({name})")))}.");
    }
}
