using SpeechStream.Gateway;

namespace SpeechStream.IntegrationTests;

public sealed class TranscribeTests
{
    [Fact]
    public async Task A_stream_is_transcribed_to_its_end()
    {
        await using var gateway = await LocalGateway.StartAsync();
        await using var client = new SpeechStreamClient(Speech.OptionsFor(gateway));
        var audio = Speech.Noise(7.3);

        var events = await client.TranscribeAsync(new MemoryStream(audio), Speech.Unpaced).ToListAsync();

        events.Finals().Should().Equal(Speech.Expected(audio));
        events[0].Should().BeOfType<TranscriptionStarted>();
        events[^2].Should().BeOfType<TranscriptionCompleted>();
        events[^1].Should().BeOfType<ChannelClosed>();
    }
}
