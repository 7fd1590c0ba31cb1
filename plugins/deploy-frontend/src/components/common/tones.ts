import { Theme } from '@material-ui/core/styles';
import { Tone } from '../../logic/status';

const lightTones: Record<Tone, string> = {
  success: '#196b24',
  error: '#b3261e',
  attention: '#7d4a00',
  progress: '#0b57d0',
  neutral: '#4d5358',
};

const darkTones: Record<Tone, string> = {
  success: '#7fdc8a',
  error: '#ffb1a8',
  attention: '#ffcb70',
  progress: '#a6c8ff',
  neutral: '#c6cacd',
};

/**
 * Text colours of the states: each has at least 4.5:1 on the cards of Backstage's light and dark themes.
 *
 * @internal
 */
export function toneColor(theme: Theme, tone: Tone): string {
  return (theme.palette.type === 'dark' ? darkTones : lightTones)[tone];
}

/**
 * Colour of secondary text, dark enough for small letters on every background in use.
 *
 * @internal
 */
export function mutedColor(theme: Theme): string {
  return toneColor(theme, 'neutral');
}

/**
 * The font of the cards, for what stands beside the page instead of in a card.
 *
 * @internal
 */
export const cardFont = 'var(--bui-font-regular, system-ui), sans-serif';
