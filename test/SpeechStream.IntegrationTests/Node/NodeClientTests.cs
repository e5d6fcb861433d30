using System.Text.Json;
using SpeechStream.Gateway;

namespace SpeechStream.IntegrationTests.Node;

/// <summary>The vendor's Node client understands the gateway: so its fidelity rests on a client that others wrote.</summary>
/// <remarks>
/// Needs <c>node</c> and <c>npm</c> on the path, and a registry that has what package-lock.json names; is skipped where it doesn't.
/// The package is installed beside the test's assembly, once: no build script has to do anything for it.
/// </remarks>
public sealed class NodeClientTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Node");

    [Fact]
    public async Task The_vendors_client_gets_the_same_words_as_ours()
    {
        await Command.InstallNodePackageAsync(Folder, "alibabacloud-nls");
        await using var gateway = await LocalGateway.StartAsync();
        await using var client = new SpeechStreamClient(Speech.OptionsFor(gateway.Endpoint));
        byte[] audio = [.. Speech.Noise(4.5), .. new byte[32_000], .. Speech.Noise(3.2, seed: 2)];
        var file = Path.Combine(AppContext.BaseDirectory, $"{Guid.NewGuid():N}.pcm");
        await File.WriteAllBytesAsync(file, audio);
        try
        {
            var (exitCode, output, errors) = await Command.RunAsync(Folder, "node", "transcribe.js", gateway.Endpoint.ToString(), file);

            exitCode.Should().Be(0, errors);
            var ours = await client.TranscribeAsync(new MemoryStream(audio), Speech.Unpaced).ToListAsync();
            JsonSerializer.Deserialize<string[]>(output).Should().Equal(ours.Finals().Select(final => final.Text));
            ours.Finals().Should().Equal(Speech.Expected(audio));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task The_vendors_client_gets_what_a_cassette_has()
    {
        await Command.InstallNodePackageAsync(Folder, "alibabacloud-nls");
        var cassette = Cassette.Load(Path.Combine(AppContext.BaseDirectory, "Cassettes", "nls.cassette.jsonl"));
        await using var gateway = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.Replay(cassette, double.PositiveInfinity) });
        var file = Path.Combine(AppContext.BaseDirectory, $"{Guid.NewGuid():N}.pcm");
        await File.WriteAllBytesAsync(file, Speech.Noise(3.4));
        try
        {
            var (exitCode, output, errors) = await Command.RunAsync(Folder, "node", "transcribe.js", gateway.Endpoint.ToString(), file);

            exitCode.Should().Be(0, errors);
            JsonSerializer.Deserialize<string[]>(output).Should().Equal("北京的天气。");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
