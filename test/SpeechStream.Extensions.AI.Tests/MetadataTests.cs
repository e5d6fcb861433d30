using Microsoft.Extensions.AI;

namespace SpeechStream.Extensions.AI.Tests;

public sealed class MetadataTests
{
    [Fact]
    public async Task Metadata_has_the_address_without_what_may_be_secret()
    {
        await using var client = new SpeechStreamClient(new()
        {
            AppKey = "app-key",
            Credential = SpeechCredential.FromToken("token"),
            Endpoint = new("wss://user:password@speech.example:8443/ws/v1?token=secret"),
        });

        client.AsSpeechToTextClient().GetService<SpeechToTextClientMetadata>()!.ProviderUri.Should().Be(new Uri("wss://speech.example:8443/ws/v1"));
        client.AsRealtimeClient().GetService<ChatClientMetadata>()!.ProviderUri.Should().Be(new Uri("wss://speech.example:8443/ws/v1"));
    }
}
