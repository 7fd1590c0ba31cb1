import {
  Content,
  Header,
  InfoCard,
  Page,
  ProxiedSignInPage,
} from '@backstage/core-components';
import { configApiRef, useApi } from '@backstage/frontend-plugin-api';
import { SignInPageProps } from '@backstage/plugin-app-react';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { useCallback, useMemo, useState } from 'react';
import { DemoIdentity } from './DemoIdentity';
import {
  DemoUser,
  demoUsers,
  forgetUser,
  rememberedUser,
  rememberUser,
} from './demoUsers';

const useStyles = makeStyles(theme => ({
  users: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(240px, 360px))',
    gap: theme.spacing(2),
    listStyle: 'none',
    margin: 0,
    padding: 0,
  },
  button: { marginTop: theme.spacing(2), textTransform: 'none' },
}));

/** Lets one enter the demo as a guest or as one of its two users. */
export function DemoSignInPage(props: SignInPageProps) {
  const { onSignInSuccess } = props;
  const [user, setUser] = useState(rememberedUser);

  const enter = (chosen: DemoUser) => {
    rememberUser(chosen);
    setUser(chosen);
  };
  const leave = useCallback(() => {
    forgetUser();
    setUser(undefined);
  }, []);
  const Failure = useMemo(() => createFailure(leave), [leave]);

  if (user) {
    return (
      <ProxiedSignInPage
        provider={user.provider}
        headers={user.provider === 'demo' ? { 'x-demo-user': user.id } : {}}
        onSignInSuccess={identity =>
          onSignInSuccess(new DemoIdentity(identity))
        }
        ErrorComponent={Failure}
      />
    );
  }
  return <UserChoice onEnter={enter} />;
}

function UserChoice(props: { onEnter(user: DemoUser): void }) {
  const classes = useStyles();
  const config = useApi(configApiRef);
  return (
    <Page themeId="home">
      <Header
        title={config.getOptionalString('app.title') ?? 'Demo'}
        subtitle="Who would you like to be?"
      />
      <Content>
        <ul className={classes.users}>
          {demoUsers.map(user => (
            <li key={user.id}>
              <InfoCard variant="fullHeight">
                <Typography>{user.text}</Typography>
                <Button
                  className={classes.button}
                  color="primary"
                  variant="outlined"
                  fullWidth
                  onClick={() => props.onEnter(user)}
                >
                  {user.title}
                </Button>
              </InfoCard>
            </li>
          ))}
        </ul>
      </Content>
    </Page>
  );
}

function createFailure(onLeave: () => void) {
  return function Failure(props: { error?: Error }) {
    return (
      <Page themeId="home">
        <Header title="You could not be signed in" />
        <Content>
          <Typography role="alert">
            {props.error?.message ?? 'The backend does not answer.'}
          </Typography>
          <Button color="primary" variant="outlined" onClick={onLeave}>
            Choose again
          </Button>
        </Content>
      </Page>
    );
  };
}
